/* SPDX-License-Identifier: MIT */
/* The files of the built-in profile, as bytes; src/config/builtin.h names them. */

    .macro file symbol, path
    .global \symbol
    .global \symbol\()_end
\symbol:
    .incbin "\path"
\symbol\()_end:
    .byte 0
    .endm

    .section .rodata
    file builtin_portal, profiles/sigos/portal.yaml
    file builtin_general_reports, profiles/sigos/general_reports.yaml
    file builtin_return_reports, profiles/sigos/return_reports.yaml

    .section .note.GNU-stack, "", %progbits
