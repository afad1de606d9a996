// SPDX-License-Identifier: MIT
#include "stats/sort.h"

/* Quicksort on the median of three; a range that has been split too often is finished by heapsort, so
 * that no input is quadratic, and short ranges by insertion. */

#define INSERTION_LIMIT 24

static void swap(double *a, double *b)
{
	double t = *a;

	*a = *b;
	*b = t;
}

static void insertion_sort(double *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		double x = v[i];
		size_t j = i;

		for (; j && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void sift_down(double *v, size_t root, size_t n)
{
	double x = v[root];

	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= n)
			break;
		if (child + 1 < n && v[child + 1] > v[child])
			child++;
		if (v[child] <= x)
			break;
		v[root] = v[child];
		root = child;
	}
	v[root] = x;
}

static void heap_sort(double *v, size_t n)
{
	for (size_t i = n / 2; i-- > 0;)
		sift_down(v, i, n);
	for (size_t i = n; i-- > 1;) {
		swap(&v[0], &v[i]);
		sift_down(v, 0, i);
	}
}

static double median_of_three(double a, double b, double c)
{
	if (a < b)
		return b < c ? b : a < c ? c : a;
	return a < c ? a : b < c ? c : b;
}

static void sort_range(double *v, size_t n, unsigned splits_left)
{
	while (n > INSERTION_LIMIT) {
		double pivot;
		size_t i = 0, j = n - 1;

		if (!splits_left--) {
			heap_sort(v, n);
			return;
		}
		pivot = median_of_three(v[0], v[n / 2], v[n - 1]);
		/* Hoare's partition: both scans stop at the pivot's equals, which keeps ties balanced. */
		for (;;) {
			while (v[i] < pivot)
				i++;
			while (v[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap(&v[i++], &v[j--]);
		}
		/* v[0..i) <= pivot <= v[i..n): recurse into the shorter side, loop on the other. */
		if (i < n - i) {
			sort_range(v, i, splits_left);
			v += i;
			n -= i;
		} else {
			sort_range(v + i, n - i, splits_left);
			n = i;
		}
	}
	insertion_sort(v, n);
}

void stats__sort(double *values, size_t n)
{
	unsigned splits = 0;

	for (size_t m = n; m > 1; m >>= 1)
		splits += 2;
	sort_range(values, n, splits);
}
