# SPDX-License-Identifier: MIT
# Golden values of tests/unit/test_stats_describe.c: Rscript tests/golden/stats.R
options(digits = 18)
x <- c(1203, 1188, 1190.5, 1421, 1188, 1199, 9120, 1186, 1201, 1193, 1188.25)
print(quantile(x, c(0, .05, .25, .5, .75, .95, .99, .999, 1), type = 7, names = FALSE))
print(mean(x)); print(sd(x))
# ranks of the median's 95 % interval: the largest k with P(Bin(n, 1/2) < k) <= 0.025
for (n in c(5, 6, 8, 9, 10, 12, 20, 50, 100, 1000)) {
	k <- sum(cumsum(dbinom(0:(n %/% 2), n, 0.5)) <= 0.025)
	cat(n, k, n + 1 - k, "\n")
}
