/* SPDX-License-Identifier: MIT */
#include "schema_table.h"

#include "schema.h"

#define TEXT(key)                                                                                  \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, struct schema_keys, key, 1, CYAML_UNLIMITED)
#define OPTIONAL_TEXT(key)                                                                         \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct schema_keys,     \
                           key, 1, CYAML_UNLIMITED)
#define FLAG(key) CYAML_FIELD_BOOL(#key, CYAML_FLAG_OPTIONAL, struct schema_keys, key)
#define CHOICE(key, choices)                                                                       \
    CYAML_FIELD_ENUM(#key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct schema_keys, key,       \
                     choices, CYAML_ARRAY_LEN(choices))
#define FAULTY OPTIONAL_TEXT(fault), OPTIONAL_TEXT(expect)

static const cyaml_strval_t orders[] = {{"up", 0}, {"down", 1}, {"scattered", 2}};
static const cyaml_strval_t states[] = {{"acknowledged", SCHEMA_ACKNOWLEDGED},
                                        {"attempted", SCHEMA_ATTEMPTED}};
static const cyaml_strval_t shapes[] = {
    {"atom", SCHEMA_ATOM}, {"list", SCHEMA_LIST}, {"tree", SCHEMA_TREE}, {"shared", SCHEMA_SHARED}};
static const cyaml_strval_t copyings[] = {{"eager", SCHEMA_COPY_EAGER}, {"lazy", SCHEMA_COPY_LAZY}};
static const cyaml_strval_t creates[] = {{"before", SCHEMA_CREATE_BEFORE},
                                         {"recorded", SCHEMA_CREATE_RECORDED}};

static const cyaml_schema_field_t alloc_keys[] = {TEXT(name),      TEXT(pages), OPTIONAL_TEXT(at),
                                                  FLAG(ephemeral), FAULTY,      CYAML_FIELD_END};
static const cyaml_schema_field_t free_keys[] = {TEXT(name), OPTIONAL_TEXT(page),
                                                 OPTIONAL_TEXT(pages), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t write_keys[] = {
    TEXT(name),           OPTIONAL_TEXT(page),   OPTIONAL_TEXT(pages), OPTIONAL_TEXT(seed),
    OPTIONAL_TEXT(bytes), CHOICE(order, orders), OPTIONAL_TEXT(fault), CYAML_FIELD_END};
static const cyaml_schema_field_t dirty_keys[] = {TEXT(name), OPTIONAL_TEXT(page),
                                                  OPTIONAL_TEXT(pages), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t move_keys[] = {
    TEXT(name),        OPTIONAL_TEXT(page), OPTIONAL_TEXT(pages), TEXT(to),
    OPTIONAL_TEXT(as), FLAG(ephemeral),     FLAG(persistent),     FAULTY,
    CYAML_FIELD_END};
static const cyaml_schema_field_t evict_keys[] = {TEXT(name), OPTIONAL_TEXT(page),
                                                  OPTIONAL_TEXT(pages), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t root_keys[] = {TEXT(index), TEXT(value), CYAML_FIELD_END};
static const cyaml_schema_field_t snapshot_keys[] = {
    OPTIONAL_TEXT(event), OPTIONAL_TEXT(count), OPTIONAL_TEXT(most), FLAG(killed), FAULTY,
    CYAML_FIELD_END};
static const cyaml_schema_field_t reopen_keys[] = {CHOICE(state, states), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t kill_keys[] = {CHOICE(state, states), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t create_keys[] = {FLAG(killed), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t ingest_keys[] = {OPTIONAL_TEXT(count), CYAML_FIELD_END};
static const cyaml_schema_field_t malloc_keys[] = {
    TEXT(name),          TEXT(bytes), OPTIONAL_TEXT(align), FLAG(zeroed),
    OPTIONAL_TEXT(seed), FAULTY,      CYAML_FIELD_END};
static const cyaml_schema_field_t realloc_keys[] = {TEXT(name), TEXT(bytes), OPTIONAL_TEXT(seed),
                                                    FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t free_object_keys[] = {TEXT(name), OPTIONAL_TEXT(offset), FAULTY,
                                                        CYAML_FIELD_END};
static const cyaml_schema_field_t take_keys[] = {TEXT(name), TEXT(as), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t stack_keys[] = {
    OPTIONAL_TEXT(name), OPTIONAL_TEXT(pages), OPTIONAL_TEXT(locals), FLAG(batch), FAULTY,
    CYAML_FIELD_END};
static const cyaml_schema_field_t push_keys[] = {OPTIONAL_TEXT(on), OPTIONAL_TEXT(locals), FAULTY,
                                                 CYAML_FIELD_END};
static const cyaml_schema_field_t pop_keys[] = {OPTIONAL_TEXT(on), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t flip_keys[] = {OPTIONAL_TEXT(on), OPTIONAL_TEXT(locals), FAULTY,
                                                 CYAML_FIELD_END};
static const cyaml_schema_field_t stack_alloc_keys[] = {
    OPTIONAL_TEXT(on), TEXT(name), TEXT(bytes), OPTIONAL_TEXT(seed), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t local_keys[] = {OPTIONAL_TEXT(on), TEXT(index), TEXT(value),
                                                  CYAML_FIELD_END};
static const cyaml_schema_field_t light_push_keys[] = {
    OPTIONAL_TEXT(on), OPTIONAL_TEXT(count), OPTIONAL_TEXT(seed), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t light_pop_keys[] = {OPTIONAL_TEXT(on), OPTIONAL_TEXT(count),
                                                      FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t stack_release_keys[] = {OPTIONAL_TEXT(on), FAULTY,
                                                          CYAML_FIELD_END};
static const cyaml_schema_field_t stack_free_keys[] = {OPTIONAL_TEXT(on), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t noun_keys[] = {
    OPTIONAL_TEXT(on),   TEXT(name), CHOICE(shape, shapes), TEXT(size),
    OPTIONAL_TEXT(seed), FAULTY,     CYAML_FIELD_END};
static const cyaml_schema_field_t cell_keys[] = {OPTIONAL_TEXT(on), TEXT(name), TEXT(head),
                                                 TEXT(tail),        FAULTY,     CYAML_FIELD_END};
static const cyaml_schema_field_t preserve_keys[] = {OPTIONAL_TEXT(on), TEXT(name), FAULTY,
                                                     CYAML_FIELD_END};
static const cyaml_schema_field_t keep_keys[] = {OPTIONAL_TEXT(on), TEXT(name), TEXT(index), FAULTY,
                                                 CYAML_FIELD_END};
static const cyaml_schema_field_t hold_keys[] = {TEXT(index), TEXT(to), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t drop_keys[] = {TEXT(index), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t jam_keys[] = {OPTIONAL_TEXT(on), TEXT(name), TEXT(as), FAULTY,
                                                CYAML_FIELD_END};
static const cyaml_schema_field_t shrink_keys[] = {OPTIONAL_TEXT(blocks), OPTIONAL_TEXT(most),
                                                   FLAG(killed), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t copy_keys[] = {FLAG(previous), FAULTY, CYAML_FIELD_END};
static const cyaml_schema_field_t view_keys[] = {TEXT(name), FLAG(previous), FAULTY,
                                                 CYAML_FIELD_END};
static const cyaml_schema_field_t view_check_keys[] = {TEXT(name), CYAML_FIELD_END};
static const cyaml_schema_field_t view_close_keys[] = {TEXT(name), FAULTY, CYAML_FIELD_END};

static const cyaml_schema_field_t second_writer_keys[] = {CYAML_FIELD_END};

static const cyaml_schema_field_t repeat_keys[] = {
    TEXT(times), OPTIONAL_TEXT(counter),
    CYAML_FIELD_SEQUENCE("steps", CYAML_FLAG_POINTER, struct schema_keys, steps, &schema_step, 1,
                         CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_field_t step_keys[] = {
#define STEP_KEY(id, key)                                                                          \
    CYAML_FIELD_MAPPING_PTR(#key, CYAML_FLAG_OPTIONAL, struct schema_step, key, key##_keys),
    STEP_KINDS(STEP_KEY)
#undef STEP_KEY
        CYAML_FIELD_END};
const cyaml_schema_value_t schema_step = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct schema_step, step_keys)};

static const cyaml_schema_field_t arena_keys[] = {
    CYAML_FIELD_UINT("reserved_pages", CYAML_FLAG_OPTIONAL, struct schema_arena, reserved_pages),
    CYAML_FIELD_UINT("initial_blocks", CYAML_FLAG_OPTIONAL, struct schema_arena, initial_blocks),
    CYAML_FIELD_UINT("grow_blocks", CYAML_FLAG_OPTIONAL, struct schema_arena, grow_blocks),
    CYAML_FIELD_UINT("fanout", CYAML_FLAG_OPTIONAL, struct schema_arena, fanout),
    CYAML_FIELD_UINT("resident_pages", CYAML_FLAG_OPTIONAL, struct schema_arena, resident_pages),
    CYAML_FIELD_UINT("mapping_limit", CYAML_FLAG_OPTIONAL, struct schema_arena, mapping_limit),
    CYAML_FIELD_UINT("defragment_blocks", CYAML_FLAG_OPTIONAL, struct schema_arena,
                     defragment_blocks),
    CYAML_FIELD_UINT("keep_blocks", CYAML_FLAG_OPTIONAL, struct schema_arena, keep_blocks),
    CYAML_FIELD_ENUM("copying", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct schema_arena,
                     copying, copyings, CYAML_ARRAY_LEN(copyings)),
    CYAML_FIELD_BOOL("verify", CYAML_FLAG_OPTIONAL, struct schema_arena, verify),
    CYAML_FIELD_END};

static const cyaml_schema_field_t scenario_keys[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct schema_scenario, name, 1, 64),
    CYAML_FIELD_STRING_PTR("description", CYAML_FLAG_POINTER, struct schema_scenario, description,
                           1, CYAML_UNLIMITED),
    CYAML_FIELD_ENUM("create", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct schema_scenario,
                     create, creates, CYAML_ARRAY_LEN(creates)),
    CYAML_FIELD_MAPPING_PTR("arena", CYAML_FLAG_OPTIONAL, struct schema_scenario, arena,
                            arena_keys),
    CYAML_FIELD_SEQUENCE("steps", CYAML_FLAG_POINTER, struct schema_scenario, steps, &schema_step,
                         1, CYAML_UNLIMITED),
    CYAML_FIELD_END};
static const cyaml_schema_value_t scenario_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct schema_scenario, scenario_keys)};

static const cyaml_schema_field_t suite_keys[] = {
    CYAML_FIELD_SEQUENCE("scenarios", CYAML_FLAG_POINTER, struct schema_suite, scenarios,
                         &scenario_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END};
const cyaml_schema_value_t schema_suite = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct schema_suite, suite_keys)};

static bool is_needed(const cyaml_schema_field_t *field)
{
    return (field->value.flags & CYAML_FLAG_OPTIONAL) == 0;
}

void schema_each_key(schema_visit *visit, void *context)
{
    const cyaml_schema_field_t *field, *step;

    for (field = scenario_keys; field->key != NULL; field++)
        visit(context, "scenario", field->key, is_needed(field));
    for (field = arena_keys; field->key != NULL; field++)
        visit(context, "arena", field->key, is_needed(field));
    for (step = step_keys; step->key != NULL; step++)
        for (field = step->value.mapping.fields; field->key != NULL; field++)
            visit(context, step->key, field->key, is_needed(field));
}
