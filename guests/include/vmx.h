/* SPDX-License-Identifier: MIT */
/* VMX for guests that are hypervisors themselves: SDM vol. 3C appendix A (MSRs) and vol. 3D appendix B (fields). */
#ifndef GUESTS_INCLUDE_VMX_H
#define GUESTS_INCLUDE_VMX_H

#include <asm/vmx.h> /* EXIT_REASON_* */

#define CR4_VMXE 0x2000

#define IA32_FEATURE_CONTROL 0x3a
#define FEATURE_CONTROL_LOCK 0x1
#define FEATURE_CONTROL_VMX  0x4 /* outside SMX */

#define IA32_VMX_BASIC               0x480
#define VMX_BASIC_TRUE_CTLS          (1 << (55 - 32)) /* of the upper half */
#define IA32_VMX_PROCBASED_CTLS2     0x48b
#define IA32_VMX_TRUE_PINBASED_CTLS  0x48d
#define IA32_VMX_TRUE_PROCBASED_CTLS 0x48e
#define IA32_VMX_TRUE_EXIT_CTLS      0x48f
#define IA32_VMX_TRUE_ENTRY_CTLS     0x490

#define GUEST_ES_SELECTOR            0x0800
#define GUEST_CS_SELECTOR            0x0802
#define GUEST_SS_SELECTOR            0x0804
#define GUEST_DS_SELECTOR            0x0806
#define GUEST_FS_SELECTOR            0x0808
#define GUEST_GS_SELECTOR            0x080a
#define GUEST_TR_SELECTOR            0x080e
#define HOST_ES_SELECTOR             0x0c00
#define HOST_CS_SELECTOR             0x0c02
#define HOST_SS_SELECTOR             0x0c04
#define HOST_DS_SELECTOR             0x0c06
#define HOST_FS_SELECTOR             0x0c08
#define HOST_GS_SELECTOR             0x0c0a
#define HOST_TR_SELECTOR             0x0c0c
#define IO_BITMAP_A                  0x2000
#define IO_BITMAP_B                  0x2002
#define MSR_BITMAP                   0x2004
#define TSC_OFFSET                   0x2010
#define EPT_POINTER                  0x201a
#define GUEST_PHYSICAL_ADDRESS       0x2400
#define VMCS_LINK_POINTER            0x2800
#define PIN_BASED_VM_EXEC_CONTROL    0x4000
#define CPU_BASED_VM_EXEC_CONTROL    0x4002
#define CPU_BASED_USE_IO_BITMAPS     (1 << 25)
#define CPU_BASED_USE_MSR_BITMAPS    (1 << 28)
#define CPU_BASED_SECONDARY          (1 << 31)
#define VM_EXIT_CONTROLS             0x400c
#define VM_EXIT_HOST_ADDR_SPACE_SIZE (1 << 9)
#define VM_ENTRY_CONTROLS            0x4012
#define VM_ENTRY_IA32E_MODE          (1 << 9)
#define SECONDARY_VM_EXEC_CONTROL    0x401e
#define SECONDARY_EXEC_ENABLE_EPT    (1 << 1)
#define VM_INSTRUCTION_ERROR         0x4400
#define VM_EXIT_REASON               0x4402
#define VM_EXIT_INSTRUCTION_LEN      0x440c
#define GUEST_ES_LIMIT               0x4800 /* then CS, SS, DS, FS, GS, LDTR */
#define GUEST_TR_LIMIT               0x480e
#define GUEST_GDTR_LIMIT             0x4810
#define GUEST_IDTR_LIMIT             0x4812
#define GUEST_ES_AR_BYTES            0x4814
#define GUEST_CS_AR_BYTES            0x4816
#define GUEST_SS_AR_BYTES            0x4818
#define GUEST_DS_AR_BYTES            0x481a
#define GUEST_FS_AR_BYTES            0x481c
#define GUEST_GS_AR_BYTES            0x481e
#define GUEST_LDTR_AR_BYTES          0x4820
#define GUEST_TR_AR_BYTES            0x4822
#define GUEST_CR0                    0x6800
#define GUEST_CR3                    0x6802
#define GUEST_CR4                    0x6804
#define GUEST_GS_BASE                0x6810
#define GUEST_TR_BASE                0x6814
#define GUEST_GDTR_BASE              0x6816
#define GUEST_IDTR_BASE              0x6818
#define GUEST_DR7                    0x681a
#define GUEST_RSP                    0x681c
#define GUEST_RIP                    0x681e
#define GUEST_RFLAGS                 0x6820
#define HOST_CR0                     0x6c00
#define HOST_CR3                     0x6c02
#define HOST_CR4                     0x6c04
#define HOST_GS_BASE                 0x6c08
#define HOST_TR_BASE                 0x6c0a
#define HOST_GDTR_BASE               0x6c0c
#define HOST_IDTR_BASE               0x6c0e
#define HOST_RSP                     0x6c14
#define HOST_RIP                     0x6c16

/* INVEPT and INVVPID types, SDM vol. 3C 31.3. */
#define INVEPT_SINGLE_CONTEXT  1
#define INVEPT_GLOBAL          2
#define INVVPID_SINGLE_CONTEXT 1
#define INVVPID_ALL_CONTEXTS   2

#endif
