// SPDX-License-Identifier: MIT
#include "runner/pace.h"

#include "base/array.h"
#include "base/monotonic.h"

#define FIXED_COST_NS 15000000ull /* guess of what a job costs besides measuring, until it is known */
#define JOB_NS_MIN    2000000ull  /* of measuring, below which a run says little */

void pace__plan(struct pace *p, double seconds, uint64_t job_ns_max, size_t jobs)
{
	*p = (struct pace){
		.seconds = seconds, .job_ns_max = job_ns_max, .jobs = jobs, .job_fixed_ns = FIXED_COST_NS
	};
}

double pace__expected_seconds(const struct pace *p, bool fixed)
{
	double all = (double)p->jobs * (double)(FIXED_COST_NS + p->job_ns_max) / 1e9;
	double least = (double)p->jobs * (double)(FIXED_COST_NS + JOB_NS_MIN) / 1e9;

	if (p->seconds <= 0)
		return all;
	return fixed ? MAX(MIN(all, p->seconds), least) : MIN(all, p->seconds);
}

void pace__start(struct pace *p)
{
	p->started_ns = monotonic__now_ns();
}

uint64_t pace__left_ns(const struct pace *p)
{
	uint64_t end_ns = p->started_ns + (uint64_t)(p->seconds * 1e9), now = monotonic__now_ns();

	return now < end_ns ? end_ns - now : 0;
}

static size_t jobs_left(const struct pace *p)
{
	return p->jobs > p->jobs_done ? p->jobs - p->jobs_done : 1;
}

uint64_t pace__job_budget_ns(const struct pace *p)
{
	uint64_t each;

	if (p->seconds <= 0)
		return p->job_ns_max;
	each = pace__left_ns(p) / jobs_left(p);
	each = each > p->job_fixed_ns ? each - p->job_fixed_ns : 0;
	return MIN(MAX(each, JOB_NS_MIN), p->job_ns_max);
}

void pace__job_done(struct pace *p, uint64_t took_ns, uint64_t budget_ns)
{
	if (took_ns > budget_ns) {
		uint64_t fixed = took_ns - budget_ns;

		p->job_fixed_ns = p->jobs_done ? (7 * p->job_fixed_ns + fixed) / 8 : fixed;
	}
	p->jobs_done++;
}

void pace__drop(struct pace *p, size_t jobs)
{
	p->jobs_done += jobs;
}

double pace__eta_seconds(const struct pace *p)
{
	return (double)(jobs_left(p) * (p->job_fixed_ns + pace__job_budget_ns(p))) / 1e9;
}

unsigned pace__runs_that_fit(const struct pace *p, unsigned runs)
{
	uint64_t run_ns = monotonic__now_ns() - p->started_ns;
	unsigned fit;

	if (p->seconds <= 0 || !run_ns)
		return runs;
	fit = 1 + (unsigned)(pace__left_ns(p) / run_ns);
	return MIN(fit, runs);
}
