/* SPDX-License-Identifier: MIT */
/* Meta records: what is valid, and what is said about what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format.h"

static struct format_meta sealed(void)
{
    struct format_meta meta = {
        .uuid = {1, 2, 3}, .snapshot = 7, .event = 9, .base = PMA_DEFAULT_BASE, .file_blocks = 64};
    meta.roots[31] = 5;
    format_meta_seal(&meta);
    return meta;
}

static void assert_invalid(const struct format_meta *meta, int code, const char *why)
{
    const char *reason = NULL;
    assert_int_equal(format_meta_validate(meta, &reason), code);
    assert_string_equal(reason, why);
}

static void a_sealed_record_is_valid_wherever_it_lies(void **state)
{
    struct format_meta meta = sealed();
    unsigned char bytes[FORMAT_META_BYTES + 1];
    const char *reason;
    memcpy(bytes + 1, &meta, sizeof(meta));
    assert_int_equal(format_meta_validate(bytes + 1, &reason), 0);
    assert_memory_equal(meta.magic, "\x89PMA\r\n\x1a\n", 8);
}

static void zeros_were_never_written(void **state)
{
    struct format_meta zeros = {0};
    assert_invalid(&zeros, PMA_ENOTARENA, "never written");
}

static void a_foreign_file_has_the_wrong_magic(void **state)
{
    struct format_meta meta = sealed();
    memcpy(meta.magic, "SQLite f", 8);
    assert_invalid(&meta, PMA_ENOTARENA, "wrong magic");
}

static void another_machine_is_told_from_another_version(void **state)
{
    struct format_meta meta = sealed();
    meta.byte_order = 0x04030201;
    meta.version = 0x01000000;
    assert_invalid(&meta, PMA_EMACHINE, "other byte order");
    meta = sealed();
    meta.version = FORMAT_VERSION + 1;
    assert_invalid(&meta, PMA_EVERSION, "unknown format version");
    meta = sealed();
    meta.page_size = 16384;
    assert_invalid(&meta, PMA_EMACHINE, "other page size");
}

static void every_flipped_bit_is_noticed(void **state)
{
    struct format_meta meta = sealed();
    unsigned char *bytes = (unsigned char *)&meta;
    const char *reason;
    for (unsigned bit = 0; bit < 8 * FORMAT_META_BYTES; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << (bit % 8));
        assert_int_not_equal(format_meta_validate(bytes, &reason), 0);
        bytes[bit / 8] ^= (unsigned char)(1u << (bit % 8));
    }
    assert_int_equal(format_meta_validate(bytes, &reason), 0);
}

static void a_mix_of_two_records_is_noticed(void **state)
{
    struct format_meta old = sealed(), new = sealed();
    new.snapshot++;
    new.roots[31]++;
    format_meta_seal(&new);
    for (size_t words = 1; words < FORMAT_META_BYTES / 8; words++) {
        struct format_meta torn = old;
        const char *reason;
        memcpy(&torn, &new, 8 * words);
        if (memcmp(&torn, &old, sizeof(old)) != 0)
            assert_int_equal(format_meta_validate(&torn, &reason), PMA_ECORRUPT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_record_is_valid_wherever_it_lies),
        cmocka_unit_test(zeros_were_never_written),
        cmocka_unit_test(a_foreign_file_has_the_wrong_magic),
        cmocka_unit_test(another_machine_is_told_from_another_version),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(a_mix_of_two_records_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
