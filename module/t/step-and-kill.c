
/*
 * Copyright (C) 2026 the sessctl authors
 */


/*
 * step-and-kill PID ADDRESS N: waits until the process comes to the code at
 * ADDRESS, lets it go on for N instructions, and kills it there.
 */


#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>


static void
fail(const char *what)
{
    perror(what);
    exit(2);
}


int
main(int argc, char **argv)
{
    int                      status;
    long                     address, n, word;
    pid_t                    pid;
    struct user_regs_struct  regs;

    if (argc != 4) {
        return 2;
    }

    pid = atoi(argv[1]);
    address = strtol(argv[2], NULL, 16);
    n = atol(argv[3]);

    if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) == -1) {
        fail("attach");
    }

    if (waitpid(pid, &status, 0) == -1) {
        fail("wait");
    }

    errno = 0;
    word = ptrace(PTRACE_PEEKTEXT, pid, (void *) address, NULL);

    if (errno) {
        fail("peek");
    }

    if (ptrace(PTRACE_POKETEXT, pid, (void *) address,
               (void *) ((word & ~0xffl) | 0xcc))
        == -1)
    {
        fail("poke");
    }

    puts("ready");
    fflush(stdout);

    if (ptrace(PTRACE_CONT, pid, NULL, NULL) == -1
        || waitpid(pid, &status, 0) == -1
        || !WIFSTOPPED(status) || WSTOPSIG(status) != SIGTRAP)
    {
        fail("breakpoint");
    }

    if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) == -1) {
        fail("registers");
    }

    regs.rip = address;

    if (ptrace(PTRACE_SETREGS, pid, NULL, &regs) == -1
        || ptrace(PTRACE_POKETEXT, pid, (void *) address, (void *) word) == -1)
    {
        fail("restore");
    }

    while (n--) {
        if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == -1
            || waitpid(pid, &status, 0) == -1 || !WIFSTOPPED(status))
        {
            fail("step");
        }
    }

    if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) == -1) {
        fail("registers");
    }

    printf("%llx\n", regs.rip - address);

    if (kill(pid, SIGKILL) == -1) {
        fail("kill");
    }

    return 0;
}
