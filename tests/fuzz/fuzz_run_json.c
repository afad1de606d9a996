// SPDX-License-Identifier: MIT
/* run.json: any JSON object may be asked for any fact and held against itself. */
#include "tests/fuzz/fuzz.h"

#include "compare/identity.h"
#include "results/json_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err;
	json_t *root = json_file__read(fuzz__file(data, size), &err);
	struct input inputs[2] = { { .path = (char *)"a" }, { .path = (char *)"b" } };
	struct side a = { .inputs = &inputs[0], .input_count = 1 },
		    b = { .inputs = &inputs[1], .input_count = 1 };
	struct difference *list;
	json_t *empty;
	size_t count;

	if (!root)
		return 0;
	(void)input__check_run("f", root, &err);
	json__get(root, "host.kvm.parameters.kvm_intel.ept");
	inputs[0].run = inputs[1].run = root;
	REQUIRE(identity__check(&a, &b, 0, &err) == 0);
	REQUIRE(identity__differences(&a, &b, &list, &count) == 0 && count == 0);
	identity__free(list, count);
	empty = json_object();
	inputs[1].run = empty;
	(void)identity__check(&a, &b, 0, &err);
	REQUIRE(identity__differences(&a, &b, &list, &count) == 0);
	identity__free(list, count);
	json_decref(empty);
	json_decref(root);
	return 0;
}
