/* SPDX-License-Identifier: MIT */
/* Writes a folder as a POSIX ustar archive (POSIX.1-2017, pax "ustar Interchange Format"), regular files and
 * folders only, sorted by name, without times or owners: the same files are the same bytes. */
#ifndef LAB_TAR_H
#define LAB_TAR_H

/* Archives what is below `folder`, with names relative to it, to the descriptor `out`. Returns the number of
 * bytes written, or -1 with errno. Names longer than 99 bytes are refused (ENAMETOOLONG). */
long long tar__write_folder(const char *folder, int out);

#endif
