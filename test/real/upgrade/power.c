
/*
 * The power goes, in the middle of sessctl: loaded into it with LD_PRELOAD, this ends the process
 * with KILL before its change number SESSCTL_POWER_AT to what lies below SESSCTL_POWER_BELOW, or
 * before a signal to another process. The number of changes is written to SESSCTL_POWER_LOG.
 */

#define _GNU_SOURCE

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>


static int  changes;


static void
change(const char *what)
{
    int          log;
    const char  *at, *file;

    at = getenv("SESSCTL_POWER_AT");
    if (at == NULL) {
        return;
    }

    changes++;

    file = getenv("SESSCTL_POWER_LOG");
    log = file ? open(file, O_WRONLY|O_CREAT|O_APPEND, 0600) : -1;
    if (log != -1) {
        dprintf(log, "%d %s\n", changes, what);
        close(log);
    }

    if (changes == atoi(at)) {
        syscall(SYS_kill, getpid(), SIGKILL);
    }
}


static int
is_ours(const char *path)
{
    const char  *below;

    below = getenv("SESSCTL_POWER_BELOW");

    return below != NULL && strncmp(path, below, strlen(below)) == 0;
}


int
rename(const char *from, const char *to)
{
    if (is_ours(to)) {
        change(to);
    }

    return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}


int
link(const char *from, const char *to)
{
    if (is_ours(to)) {
        change(to);
    }

    return syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}


int
unlink(const char *path)
{
    if (is_ours(path)) {
        change(path);
    }

    return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}


int
kill(pid_t pid, int signal)
{
    char  what[32];

    if (pid > 0 && signal != 0) {
        snprintf(what, sizeof(what), "signal %d", signal);
        change(what);
    }

    return syscall(SYS_kill, pid, signal);
}
