// Loaded into the program before its libraries: counts its calls that write, over all its threads, and at one of them kills it
// or answers with an error, as `tampering.rs` asks. A call that is killed or answered so has done nothing.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define CALLS(CALL) \
    CALL(pwrite64) CALL(write) CALL(fdatasync) CALL(fsync) CALL(rename) CALL(unlink) CALL(ftruncate) CALL(mkdir) CALL(sendto)

#define ITS_NUMBER(call) of_##call,
#define ITS_NAME(call) #call,
enum call { CALLS(ITS_NUMBER) N_CALLS };
static const char *const NAMES[] = { CALLS(ITS_NAME) };

static atomic_ulong counts[N_CALLS];
static int tampered = -1;
static int error;
static unsigned long first, step;

// `DOORSTEP_TAMPERING` is CALL DOES FIRST STEP, as in "fsync EIO 3 0": DOES is KILL or an error, a STEP of 0 means once.
__attribute__((constructor)) static void begin(void) {
    char call[16], does[16];
    const char *asked = getenv("DOORSTEP_TAMPERING");
    if (!asked) return;
    if (sscanf(asked, "%15s %15s %lu %lu", call, does, &first, &step) != 4) abort();
    for (int i = 0; i < N_CALLS; i++)
        if (!strcmp(NAMES[i], call)) tampered = i;
    error = !strcmp(does, "EIO") ? EIO : !strcmp(does, "ENOSPC") ? ENOSPC : 0;
    if (tampered < 0 || (!error && strcmp(does, "KILL"))) abort();
}

// `DOORSTEP_CALLS` names the file that is told how many there were.
__attribute__((destructor)) static void end(void) {
    const char *path = getenv("DOORSTEP_CALLS");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    for (int i = 0; i < N_CALLS; i++) fprintf(file, "%s %lu\n", NAMES[i], atomic_load(&counts[i]));
    fclose(file);
}

static int is_meant(enum call call) {
    unsigned long n = atomic_fetch_add(&counts[call], 1) + 1;
    if ((int)call != tampered || n < first) return 0;
    if (step ? (n - first) % step : n != first) return 0;
    if (!error) kill(getpid(), SIGKILL);
    while (!error) pause();
    errno = error;
    return 1;
}

#define TAMPERED(call, result, name, takes, gives) \
    result name takes { \
        static result(*real) takes; \
        if (!real) real = (result(*) takes)dlsym(RTLD_NEXT, #name); \
        return is_meant(of_##call) ? -1 : real gives; \
    }

TAMPERED(pwrite64, ssize_t, pwrite64, (int fd, const void *from, size_t n, off64_t at), (fd, from, n, at))
TAMPERED(pwrite64, ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at), (fd, from, n, at))
TAMPERED(write, ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
TAMPERED(write, ssize_t, writev, (int fd, const struct iovec *from, int n), (fd, from, n))
TAMPERED(fdatasync, int, fdatasync, (int fd), (fd))
TAMPERED(fsync, int, fsync, (int fd), (fd))
TAMPERED(rename, int, rename, (const char *from, const char *to), (from, to))
TAMPERED(unlink, int, unlink, (const char *path), (path))
TAMPERED(ftruncate, int, ftruncate, (int fd, off_t n), (fd, n))
TAMPERED(ftruncate, int, ftruncate64, (int fd, off64_t n), (fd, n))
TAMPERED(mkdir, int, mkdir, (const char *path, mode_t mode), (path, mode))
TAMPERED(sendto, ssize_t, send, (int fd, const void *from, size_t n, int flags), (fd, from, n, flags))
TAMPERED(sendto, ssize_t, sendmsg, (int fd, const struct msghdr *from, int flags), (fd, from, flags))
TAMPERED(sendto, ssize_t, sendto,
    (int fd, const void *from, size_t n, int flags, const struct sockaddr *to, socklen_t to_n), (fd, from, n, flags, to, to_n))
