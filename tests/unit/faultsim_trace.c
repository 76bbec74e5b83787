/* SPDX-License-Identifier: MIT */
/* Traces built by hand: their tables, their text, and their files, damaged ones included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include <faultsim/plan.h>
#include <faultsim/trace.h>

static char path[128];

static int make_path(void **state)
{
    const char *base = getenv("TMPDIR");
    int fd;

    snprintf(path, sizeof(path), "%s/trace-XXXXXX", base ? base : "/tmp");
    fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    return unlink(path);
}

static uint64_t add(fsim_trace_t *trace, enum fsim_event_kind kind, uint32_t file, const char *name,
                    uint64_t number, uint64_t value)
{
    return fsim_trace_add_event(trace, &(struct fsim_event){
                                           .kind = kind,
                                           .file = file,
                                           .name = name ? fsim_trace_add_string(trace, name) : 0,
                                           .number = number,
                                           .value = value,
                                       });
}

static uint64_t content(fsim_trace_t *trace, const char *text)
{
    char block[FSIM_BLOCK_SIZE] = {0};

    memcpy(block, text, strlen(text));
    return fsim_trace_add_content(trace, block);
}

/* One of each kind of event. */
static fsim_trace_t *example(void)
{
    fsim_trace_t *trace;
    uint32_t file;
    uint64_t begin;

    assert_int_equal(fsim_trace_new(&trace), 0);
    file = fsim_trace_add_file(trace);
    add(trace, FSIM_EV_STEP, 0, "create the arena", 1, 0);
    add(trace, FSIM_EV_POINT, 0, "pma/create/open", 1, FSIM_ACTION_NONE);
    add(trace, FSIM_EV_CALL, 0, "open", 0, 0);
    add(trace, FSIM_EV_NAME, file, "arena.new", 0, 0);
    add(trace, FSIM_EV_LENGTH, file, NULL, 0, 8192);
    add(trace, FSIM_EV_WRITE, file, NULL, 1, content(trace, "meta"));
    add(trace, FSIM_EV_CALL, file, "fdatasync", 0, 0);
    begin = add(trace, FSIM_EV_SYNC_BEGIN, file, NULL, 0, 0);
    add(trace, FSIM_EV_SYNC_END, file, NULL, begin, 0);
    add(trace, FSIM_EV_CALL, file, "rename", 0, 0);
    add(trace, FSIM_EV_NAME, file, "arena.pma", 0, 0);
    add(trace, FSIM_EV_NAME, 0, "arena.new", 0, 0);
    begin = add(trace, FSIM_EV_SYNC_BEGIN, 0, NULL, 0, 0);
    add(trace, FSIM_EV_SYNC_END, 0, NULL, begin, EIO);
    add(trace, FSIM_EV_POINT, 0, "pma/meta/write", 2, FSIM_ACTION_SKIP);
    add(trace, FSIM_EV_WRITE, file, NULL, 5, FSIM_ZEROS);
    begin = add(trace, FSIM_EV_SYNC_BEGIN, file, NULL, 3, 5);
    add(trace, FSIM_EV_SYNC_BEGIN, file, NULL, FSIM_SYNC_LENGTH, 1);
    fsim_trace_add_mark(trace, FSIM_MARK_BEGIN, "snapshot 3", (struct fsim_digest){1, 2}, "three",
                        6);
    fsim_trace_add_mark(trace, FSIM_MARK_ACK, "snapshot 3", (struct fsim_digest){1, 2}, NULL, 0);
    add(trace, FSIM_EV_KILL, 0, NULL, 0, 0);
    return trace;
}

static void a_trace_reads_as_text(void **state)
{
    static const char *const lines[] = {
        "step 1: create the arena",
        "fault point pma/create/open, hit 1",
        "open",
        "name arena.new is file 1",
        "length of arena.new is 8192 bytes",
        "write arena.new block 1",
        "fdatasync arena.new",
        "sync of arena.new begins",
        "sync done",
        "rename arena.new",
        "name arena.pma is file 1",
        "name arena.new is gone",
        "sync of the directory begins",
        "sync failed: Input/output error",
        "fault point pma/meta/write, hit 2, skipped by plan",
        "write arena.pma block 5 (zeros)",
        "sync of arena.pma blocks 3-7 begins",
        "sync of the length of arena.pma begins",
        "attempt begins: snapshot 3",
        "acknowledged: snapshot 3",
        "the process is killed, a new one goes on",
    };
    fsim_trace_t *trace = example();
    char text[128];

    assert_int_equal(fsim_trace_events(trace), sizeof(lines) / sizeof(lines[0]));
    for (size_t i = 0; i < fsim_trace_events(trace); i++) {
        assert_int_equal(fsim_trace_describe(trace, i, text, sizeof(text)), strlen(lines[i]));
        assert_string_equal(text, lines[i]);
    }
    assert_int_equal(fsim_trace_describe(trace, 0, text, 5), strlen(lines[0]));
    assert_string_equal(text, "step");
    fsim_trace_free(trace);
}

static void equal_contents_and_strings_are_kept_once(void **state)
{
    fsim_trace_t *trace;
    uint64_t a, b;
    char zeros[FSIM_BLOCK_SIZE] = {0};

    assert_int_equal(fsim_trace_new(&trace), 0);
    a = content(trace, "a");
    b = content(trace, "b");
    assert_int_equal(a, 1);
    assert_int_equal(b, 2);
    assert_int_equal(content(trace, "a"), a);
    assert_int_equal(fsim_trace_add_content(trace, zeros), FSIM_ZEROS);
    assert_int_equal(fsim_trace_contents(trace), 2);
    assert_string_equal(fsim_trace_content(trace, b), "b");
    assert_memory_equal(fsim_trace_content(trace, FSIM_ZEROS), zeros, sizeof(zeros));
    assert_false(fsim_digest_equal(fsim_trace_content_digest(trace, a),
                                   fsim_trace_content_digest(trace, b)));
    assert_int_equal(fsim_trace_add_string(trace, "x"), 1);
    assert_int_equal(fsim_trace_add_string(trace, "y"), 2);
    assert_int_equal(fsim_trace_add_string(trace, "x"), 1);
    assert_string_equal(fsim_trace_string(trace, 0), "");
    fsim_trace_free(trace);
}

static void contents_that_share_a_slot_are_told_apart(void **state)
{
    enum { MANY = 20000 };
    fsim_trace_t *trace;
    char text[32];

    assert_int_equal(fsim_trace_new(&trace), 0);
    for (int i = 1; i <= MANY; i++) {
        snprintf(text, sizeof(text), "content %d", i);
        assert_int_equal(content(trace, text), i);
        assert_int_equal(fsim_trace_add_string(trace, text), i);
    }
    for (int i = 1; i <= MANY; i += 97) {
        snprintf(text, sizeof(text), "content %d", i);
        assert_int_equal(content(trace, text), i);
        assert_string_equal(fsim_trace_content(trace, (uint64_t)i), text);
        assert_string_equal(fsim_trace_string(trace, (uint32_t)i), text);
    }
    fsim_trace_free(trace);
}

static void a_child_appends_to_its_parents_trace(void **state)
{
    fsim_trace_t *trace = example();
    size_t events = fsim_trace_events(trace);
    int status;
    pid_t child = fork();

    if (child == 0) {
        add(trace, FSIM_EV_STEP, 0, "of the child", 7, 0);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(fsim_trace_events(trace), events + 1);
    assert_string_equal(fsim_trace_string(trace, fsim_trace_event(trace, events)->name),
                        "of the child");
    fsim_trace_free(trace);
}

static void a_trace_that_is_full_says_so(void **state)
{
    fsim_trace_t *trace;

    assert_int_equal(fsim_trace_new(&trace), 0);
    while (fsim_trace_files(trace) < 1 << 16)
        fsim_trace_add_file(trace);
    assert_false(fsim_trace_full(trace));
    assert_int_equal(fsim_trace_add_file(trace), 0);
    assert_true(fsim_trace_full(trace));
    fsim_trace_free(trace);
}

static void assert_same(const fsim_trace_t *a, const fsim_trace_t *b)
{
    assert_int_equal(fsim_trace_events(a), fsim_trace_events(b));
    assert_int_equal(fsim_trace_files(a), fsim_trace_files(b));
    assert_int_equal(fsim_trace_contents(a), fsim_trace_contents(b));
    assert_int_equal(fsim_trace_marks(a), fsim_trace_marks(b));
    assert_int_equal(fsim_trace_bytes(a), fsim_trace_bytes(b));
    for (size_t i = 0; i < fsim_trace_events(a); i++) {
        assert_memory_equal(fsim_trace_event(a, i), fsim_trace_event(b, i),
                            sizeof(struct fsim_event));
        assert_string_equal(fsim_trace_string(a, fsim_trace_event(a, i)->name),
                            fsim_trace_string(b, fsim_trace_event(b, i)->name));
    }
    for (uint64_t i = 1; i <= fsim_trace_contents(a); i++) {
        assert_memory_equal(fsim_trace_content(a, i), fsim_trace_content(b, i), FSIM_BLOCK_SIZE);
        assert_true(
            fsim_digest_equal(fsim_trace_content_digest(a, i), fsim_trace_content_digest(b, i)));
    }
    for (size_t i = 0; i < fsim_trace_marks(a); i++) {
        const struct fsim_mark *mark = fsim_trace_mark(a, i);
        assert_memory_equal(mark, fsim_trace_mark(b, i), sizeof(*mark));
        assert_memory_equal(fsim_trace_payload(a, mark),
                            fsim_trace_payload(b, fsim_trace_mark(b, i)), mark->payload_bytes);
    }
}

static void a_saved_trace_is_loaded_the_same(void **state)
{
    fsim_trace_t *trace = example(), *loaded;

    assert_int_equal(fsim_trace_save(trace, path), 0);
    assert_int_equal(fsim_trace_load(path, &loaded), 0);
    assert_same(trace, loaded);
    /* And can be added to. */
    assert_int_equal(content(loaded, "meta"), 1);
    assert_int_equal(content(loaded, "more"), 2);
    fsim_trace_free(loaded);
    fsim_trace_free(trace);
}

static void an_empty_trace_is_a_trace(void **state)
{
    fsim_trace_t *trace, *loaded;

    assert_int_equal(fsim_trace_new(&trace), 0);
    assert_int_equal(fsim_trace_save(trace, path), 0);
    assert_int_equal(fsim_trace_load(path, &loaded), 0);
    assert_same(trace, loaded);
    fsim_trace_free(loaded);
    fsim_trace_free(trace);
}

static void a_missing_file_or_directory_is_named_by_its_error(void **state)
{
    fsim_trace_t *trace = example(), *loaded = NULL;

    assert_int_equal(fsim_trace_load("/nonexistent/trace", &loaded), -ENOENT);
    assert_int_equal(fsim_trace_save(trace, "/nonexistent/trace"), -ENOENT);
    assert_int_equal(fsim_trace_load("/", &loaded), -EISDIR);
    assert_null(loaded);
    fsim_trace_free(trace);
}

struct image {
    unsigned char *bytes;
    size_t count;
};

static struct image read_image(void)
{
    struct image image = {.bytes = malloc(1 << 20)};
    FILE *file = fopen(path, "rb");

    image.count = fread(image.bytes, 1, 1 << 20, file);
    fclose(file);
    return image;
}

/* In place: ext4 writes a file that was emptied and filled again to the disk. */
static void write_image(const unsigned char *bytes, size_t count)
{
    FILE *file = fopen(path, "r+b");

    assert_int_equal(fwrite(bytes, 1, count, file), count);
    fclose(file);
    assert_int_equal(truncate(path, (off_t)count), 0);
}

static void load_truncated(size_t count, const struct image *image)
{
    fsim_trace_t *loaded = NULL;

    write_image(image->bytes, count);
    assert_int_equal(fsim_trace_load(path, &loaded), -EILSEQ);
    assert_null(loaded);
}

static void a_truncated_or_foreign_file_is_refused(void **state)
{
    fsim_trace_t *trace = example();
    struct image image;

    assert_int_equal(fsim_trace_save(trace, path), 0);
    image = read_image();
    load_truncated(0, &image);
    load_truncated(60, &image);
    load_truncated(image.count / 2, &image);
    load_truncated(image.count - 1, &image);
    image.bytes[image.count] = 0;
    load_truncated(image.count + 1, &image);
    memset(image.bytes, 'x', image.count);
    load_truncated(image.count, &image);
    free(image.bytes);
    fsim_trace_free(trace);
}

static void every_flipped_byte_is_noticed(void **state)
{
    fsim_trace_t *trace = example(), *loaded = NULL;
    struct image image;

    assert_int_equal(fsim_trace_save(trace, path), 0);
    image = read_image();
    for (size_t i = 0; i < image.count; i += i < 1000 ? 1 : 61) {
        image.bytes[i] ^= 0x40;
        write_image(image.bytes, image.count);
        assert_int_equal(fsim_trace_load(path, &loaded), -EILSEQ);
        image.bytes[i] ^= 0x40;
    }
    free(image.bytes);
    fsim_trace_free(trace);
}

/* The header as in the file: magic, version, byte order, files, strings, five sizes, five hashes, a
 * hash of all that. */
enum { SIZES = 32, HASHES = 72, HEADER_HASH = 112, HEADER = 120, SECTIONS = 5 };

/* Makes the checksums right again, so that damage gets past them. */
static void mend(struct image *image)
{
    size_t at = HEADER;
    uint64_t hash;

    for (int i = 0; i < SECTIONS; i++) {
        uint64_t bytes;
        memcpy(&bytes, image->bytes + SIZES + 8 * i, sizeof(bytes));
        if (bytes > image->count - at)
            return;
        hash = XXH3_64bits(image->bytes + at, bytes);
        memcpy(image->bytes + HASHES + 8 * i, &hash, sizeof(hash));
        at += bytes;
    }
    hash = XXH3_64bits(image->bytes, HEADER_HASH);
    memcpy(image->bytes + HEADER_HASH, &hash, sizeof(hash));
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Reads all there is, so that a sanitizer sees an index that should have been refused. */
static void look_at_everything(const fsim_trace_t *trace)
{
    uint64_t sum = 0;
    char text[128];

    for (size_t i = 0; i < fsim_trace_events(trace); i++) {
        const struct fsim_event *event = fsim_trace_event(trace, i);
        assert_true(fsim_trace_describe(trace, i, text, sizeof(text)) >= 0);
        if (event->kind == FSIM_EV_WRITE)
            sum += *(const unsigned char *)fsim_trace_content(trace, event->value);
    }
    for (size_t i = 0; i < fsim_trace_marks(trace); i++) {
        const struct fsim_mark *mark = fsim_trace_mark(trace, i);
        sum += strlen(fsim_trace_string(trace, mark->label));
        sum += XXH3_64bits(fsim_trace_payload(trace, mark), mark->payload_bytes);
    }
    (void)sum;
}

static void damage_behind_right_checksums_never_crashes(void **state)
{
    enum { ROUNDS = 4000 };
    const char *given = getenv("FSIM_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : UINT64_C(0x9e3779b97f4a7c15);
    fsim_trace_t *trace = example();
    struct image image;
    int refused = 0;

    print_message("replay with FSIM_SEED=%#llx\n", (unsigned long long)seed);
    assert_int_equal(fsim_trace_save(trace, path), 0);
    image = read_image();
    for (int i = 0; i < ROUNDS; i++) {
        struct image damaged = {.bytes = malloc(image.count), .count = image.count};
        fsim_trace_t *loaded;
        int error;

        memcpy(damaged.bytes, image.bytes, image.count);
        for (uint64_t flips = 1 + next_random(&seed) % 4; flips > 0; flips--) {
            /* Mostly in the header and the events, which come first. */
            size_t reach = next_random(&seed) % 8 ? HEADER + 800 : image.count;
            damaged.bytes[next_random(&seed) % reach] ^= 1 << next_random(&seed) % 8;
        }
        mend(&damaged);
        write_image(damaged.bytes, damaged.count);
        error = fsim_trace_load(path, &loaded);
        if (error == 0) {
            look_at_everything(loaded);
            fsim_trace_free(loaded);
        } else {
            assert_int_equal(error, -EILSEQ);
            refused++;
        }
        free(damaged.bytes);
    }
    assert_in_range(refused, 1, ROUNDS - 1);
    free(image.bytes);
    fsim_trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_reads_as_text),
        cmocka_unit_test(equal_contents_and_strings_are_kept_once),
        cmocka_unit_test(contents_that_share_a_slot_are_told_apart),
        cmocka_unit_test(a_child_appends_to_its_parents_trace),
        cmocka_unit_test(a_trace_that_is_full_says_so),
        cmocka_unit_test(a_saved_trace_is_loaded_the_same),
        cmocka_unit_test(an_empty_trace_is_a_trace),
        cmocka_unit_test(a_missing_file_or_directory_is_named_by_its_error),
        cmocka_unit_test(a_truncated_or_foreign_file_is_refused),
        cmocka_unit_test(every_flipped_byte_is_noticed),
        cmocka_unit_test(damage_behind_right_checksums_never_crashes),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
