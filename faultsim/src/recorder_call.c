/* SPDX-License-Identifier: MIT */
/*
 * How a recorded call begins and ends: the lock, the versions that stores have made since the last
 * one, the event that says that it is about to be made, and what a fault plan answers instead of
 * the kernel.
 */
#include "interpose.h"
#include "record.h"

#include <faultsim/capture.h>

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>

atomic_bool recording_now;
static atomic_flag held = ATOMIC_FLAG_INIT;
static _Thread_local bool holding __attribute__((tls_model("initial-exec")));

/* The kernel's signal sets are one word. Faults stay open: blocked ones would kill. */
static const uint64_t asynchronous =
    ~(UINT64_C(1) << (SIGSEGV - 1) | UINT64_C(1) << (SIGBUS - 1) | UINT64_C(1) << (SIGILL - 1) |
      UINT64_C(1) << (SIGFPE - 1) | UINT64_C(1) << (SIGTRAP - 1));

uint64_t record_lock(void)
{
    uint64_t mask = 0;

    real_syscall(SYS_rt_sigprocmask, SIG_BLOCK, (long)&asynchronous, (long)&mask, sizeof(mask), 0,
                 0);
    while (atomic_flag_test_and_set_explicit(&held, memory_order_acquire))
        real_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
    holding = true;
    return mask;
}

void record_lock_forget(void)
{
    holding = false;
    atomic_flag_clear_explicit(&held, memory_order_release);
}

/* See fsim_capture_beacon. */
static struct {
    int fd;
    off_t offset;
    uint64_t told;
} beacon = {.fd = -1};

static void tell_position(void)
{
    unsigned char block[FSIM_BLOCK_SIZE] = {0};
    uint64_t events;

    if (beacon.fd < 0)
        return;
    events = fsim_trace_events(recording.trace);
    if (events == beacon.told)
        return;
    beacon.told = events;
    memcpy(block, &events, sizeof(events));
    real_pwrite(beacon.fd, block, sizeof(block), beacon.offset);
}

bool record_holds_lock(void)
{
    return holding;
}

void record_unlock(uint64_t mask)
{
    tell_position();
    holding = false;
    atomic_flag_clear_explicit(&held, memory_order_release);
    real_syscall(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, 0, sizeof(mask), 0, 0);
}

/* The versions that stores made. Lengths first: what is no longer in a file must not be touched. */
void record_sample(void)
{
    const struct tracked_file *measured = NULL;

    stores_settle();
    for (size_t i = 0; i < recording.mapping_count; i++) {
        struct tracked_mapping *mapping = &recording.mappings[i];
        if (mapping->copies || (!mapping->writable && !mapping->was_writable))
            continue;
        mapping->was_writable = false;
        if (mapping->file != measured)
            file_take_length(mapping->file);
        measured = mapping->file;
        file_take_blocks(mapping->file, mapping->block,
                         mapping->block + (mapping->end - mapping->start) / FSIM_BLOCK_SIZE);
    }
}

static _Atomic(record_ask *) ask_for_fault;

void record_set_faults(record_ask *ask)
{
    atomic_store(&ask_for_fault, ask);
}

static void start_write_back(void)
{
    for (size_t i = 0; i < recording.file_count; i++)
        kernel_calls.sync_file_range(recording.files[i].held, 0, 0, SYNC_FILE_RANGE_WRITE);
}

/* What a fault plan has a call fail with; 0 if it is not to fail. */
static int planned_error(enum fsim_call call, const struct fsim_rule *rule)
{
    if (!rule || rule->action != FSIM_ACTION_ERROR)
        return 0;
    return rule->error ? rule->error : fsim_calls[call].error;
}

static struct answer answer_by(enum fsim_call call, const struct fsim_rule *rule)
{
    switch (rule->action) {
    case FSIM_ACTION_ERROR:
        return (struct answer){.planned = true, .result = -planned_error(call, rule)};
    case FSIM_ACTION_SKIP:
        return (struct answer){.planned = !fsim_calls[call].needed};
    case FSIM_ACTION_SHORT:
        return (struct answer){.in_part = fsim_calls[call].transfers};
    case FSIM_ACTION_EVICT:
        start_write_back();
        break;
    case FSIM_ACTION_CRASH:
        real_syscall(SYS_exit_group, FSIM_CRASH_EXIT, 0, 0, 0, 0, 0);
        break;
    case FSIM_ACTION_NONE:
        break;
    }
    return (struct answer){0};
}

static void record_planned(const struct fsim_event *event, struct planned planned)
{
    struct fsim_event complete = *event;

    complete.value = planned.rule ? planned.rule->action : FSIM_ACTION_NONE;
    complete.rule = planned.number;
    fsim_trace_add_event(recording.trace, &complete);
}

struct answer record_begin(enum fsim_call call, const struct tracked_file *file, bool changes)
{
    static const size_t family = sizeof("call/") - 1;
    record_ask *ask = atomic_load(&ask_for_fault);
    const struct planned planned = ask ? ask(call) : (struct planned){0};

    if (changes || planned.rule) {
        record_sample();
        record_planned(&(struct fsim_event){.kind = FSIM_EV_CALL,
                                            .file = file ? file->id : FSIM_NO_FILE,
                                            .name = fsim_trace_add_string(
                                                recording.trace, fsim_calls[call].point + family),
                                            .number = (uint64_t)planned_error(call, planned.rule)},
                       planned);
        tell_position();
    }
    return planned.rule ? answer_by(call, planned.rule) : (struct answer){0};
}

struct answer record_begin_call(enum fsim_call call, const struct tracked_file *file)
{
    return record_begin(call, file, true);
}

void record_point(const char *name, uint64_t hit, struct planned planned)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = record_lock();
    record_sample();
    record_planned(&(struct fsim_event){.kind = FSIM_EV_POINT,
                                        .file = FSIM_NO_FILE,
                                        .name = fsim_trace_add_string(recording.trace, name),
                                        .number = hit},
                   planned);
    record_unlock(mask);
}

void record_write_back(void)
{
    if (!atomic_load(&recording_now))
        return;
    uint64_t mask = record_lock();
    start_write_back();
    record_unlock(mask);
}

void fsim_capture_beacon(int fd, off_t offset)
{
    uint64_t mask = record_lock();

    beacon.fd = fd;
    beacon.offset = offset;
    beacon.told = UINT64_MAX;
    record_unlock(mask);
}
