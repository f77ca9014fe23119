
/*
 * Simulates a power cut: loaded into sessctl with LD_PRELOAD, this ends the process with KILL
 * before a change to a file below SESSCTL_POWER_BELOW, or before a signal to another process.
 * The change is the SESSCTL_POWER_NTH of those that match the pattern SESSCTL_POWER_BEFORE, because
 * the number of all changes differs between runs. All changes are written to SESSCTL_POWER_LOG:
 * names relative to SESSCTL_POWER_BELOW, or "signal NUMBER".
 */

#define _GNU_SOURCE

#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>


static int  matches;


static void
change(const char *what)
{
    int          log;
    const char  *file, *before, *nth;

    file = getenv("SESSCTL_POWER_LOG");
    log = file ? open(file, O_WRONLY|O_CREAT|O_APPEND, 0600) : -1;
    if (log != -1) {
        dprintf(log, "%s\n", what);
        close(log);
    }

    before = getenv("SESSCTL_POWER_BEFORE");
    nth = getenv("SESSCTL_POWER_NTH");
    if (before == NULL || nth == NULL || fnmatch(before, what, 0) != 0) {
        return;
    }

    if (++matches == atoi(nth)) {
        syscall(SYS_kill, getpid(), SIGKILL);
    }
}


static void
file_change(const char *path)
{
    size_t       length;
    const char  *below;

    below = getenv("SESSCTL_POWER_BELOW");
    length = below ? strlen(below) : 0;

    if (length != 0 && strncmp(path, below, length) == 0
        && path[length] == '/')
    {
        change(path + length + 1);
    }
}


int
rename(const char *from, const char *to)
{
    file_change(to);

    return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}


int
link(const char *from, const char *to)
{
    file_change(to);

    return syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}


int
unlink(const char *path)
{
    file_change(path);

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
