/* SPDX-License-Identifier: MIT */
/* Port I/O: arg0 the port, arg1 the number of elements of the string instructions. */
#include "guest.h"

	.text
.macro init_port
	LOAD_ARG 0, %r8
.endm

.macro body_out1
	mov	%r8d, %edx
	out	%al, (%dx)
.endm
.macro body_out2
	mov	%r8d, %edx
	out	%ax, (%dx)
.endm
.macro body_out4
	mov	%r8d, %edx
	out	%eax, (%dx)
.endm
.macro body_in1
	mov	%r8d, %edx
	in	(%dx), %al
.endm
.macro body_in2
	mov	%r8d, %edx
	in	(%dx), %ax
.endm
.macro body_in4
	mov	%r8d, %edx
	in	(%dx), %eax
.endm
	MEASURE	out1, init_port
	MEASURE	out2, init_port
	MEASURE	out4, init_port
	MEASURE	in1, init_port
	MEASURE	in2, init_port
	MEASURE	in4, init_port

/* A register of a PCI device: its address, then its value. */
#define PCI_CONFIG_ADDRESS 0xcf8
#define PCI_CONFIG_DATA    0xcfc
#define PCI_ENABLE         0x80000000
.macro body_pci_config
	mov	$PCI_CONFIG_ADDRESS, %edx
	mov	$PCI_ENABLE, %eax
	out	%eax, (%dx)
	mov	$PCI_CONFIG_DATA, %edx
	in	(%dx), %eax
.endm
	MEASURE	pci_config

/* A byte that devices take without consequences: all lines masked, no counter started. */
.macro init_device
	LOAD_ARG 0, %r8
	LOAD_ARG 1, %r9
.endm
.macro body_device_out
	mov	%r8d, %edx
	mov	%r9d, %eax
	out	%al, (%dx)
.endm
	MEASURE	device_out, init_device

.macro body_rep_outs
	mov	%r8d, %edx
	mov	%r9, %rcx
	mov	$string, %esi
	rep outsb
.endm
.macro body_rep_ins
	mov	%r8d, %edx
	mov	%r9, %rcx
	mov	$string, %edi
	rep insb
.endm
	MEASURE	rep_outs, init_device
	MEASURE	rep_ins, init_device

	.bss
	.p2align 12
string:	.zero 4096

	.section .note.GNU-stack, "", @progbits
