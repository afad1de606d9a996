/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define MIN(a, b)                                                                                            \
	({                                                                                                   \
		__auto_type min_a = (a);                                                                     \
		__auto_type min_b = (b);                                                                     \
		min_a < min_b ? min_a : min_b;                                                               \
	})
#define MAX(a, b)                                                                                            \
	({                                                                                                   \
		__auto_type max_a = (a);                                                                     \
		__auto_type max_b = (b);                                                                     \
		max_a > max_b ? max_a : max_b;                                                               \
	})

#endif
