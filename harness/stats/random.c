// SPDX-License-Identifier: MIT
#include "stats/random.h"

#include <math.h>

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

void random__seed(struct random *r, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		r->state[i] = splitmix64(&seed);
}

static uint64_t rotate_left(uint64_t x, int by)
{
	return (x << by) | (x >> (64 - by));
}

uint64_t random__next(struct random *r)
{
	uint64_t *s = r->state, result = rotate_left(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate_left(s[3], 45);
	return result;
}

uint64_t random__below(struct random *r, uint64_t bound)
{
	/* Values below 2^64 mod bound would make some results likelier: draw again. */
	uint64_t unfair = -bound % bound, x;

	do
		x = random__next(r);
	while (x < unfair);
	return x % bound;
}

double random__unit(struct random *r)
{
	return (double)(random__next(r) >> 11) * 0x1p-53;
}

double random__normal(struct random *r)
{
	/* Box and Muller; 1 - u is never 0. */
	double radius = sqrt(-2 * log(1 - random__unit(r)));

	return radius * cos(2 * M_PI * random__unit(r));
}

void random__shuffle(struct random *r, void *array, size_t n, size_t size)
{
	unsigned char *bytes = array;

	for (size_t i = n; i > 1; i--) {
		unsigned char *a = bytes + (i - 1) * size, *b = bytes + random__below(r, i) * size;

		for (size_t k = 0; a != b && k < size; k++) {
			unsigned char t = a[k];

			a[k] = b[k];
			b[k] = t;
		}
	}
}
