/* SPDX-License-Identifier: MIT */
/* Makes a guest's flat binary a `struct guest_image` of the program: -DGUEST_NAME=pio -DGUEST_FILE="...". */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

	.section .rodata
	.p2align 4
start:	.incbin GUEST_FILE
end:
name:	.asciz TEXT(GUEST_NAME)

	.section .data.rel.ro, "aw"
	.p2align 3
	.globl PASTE(guest_image_, GUEST_NAME)
	.type PASTE(guest_image_, GUEST_NAME), @object
	.size PASTE(guest_image_, GUEST_NAME), 24
PASTE(guest_image_, GUEST_NAME):
	.quad name, start, end

	.section .note.GNU-stack, "", @progbits
