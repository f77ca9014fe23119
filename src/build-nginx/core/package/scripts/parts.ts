import type { PackageEntry } from '../entries.ts'

/** Functions of the scripts of several packages. All are POSIX sh, under `set -e`, and can run twice. */

/** `master` is then the id of the process. After an update, the file of a running nginx is a deleted one. */
export const runningFunction = (nginx: string, pid: string): string => `nginx=${nginx}
pidfile=${pid}

# Whether an nginx of this package is running: its process id is in $master.
running() {
    [ -s "$pidfile" ] || return 1
    master=$(cat "$pidfile")
    case $(readlink "/proc/$master/exe" 2>/dev/null) in
        "$nginx" | "$nginx "* | "$nginx".*) return 0 ;;
    esac
    return 1
}
`

/** As nginx describes it: https://nginx.org/en/docs/control.html#upgrade */
export const upgradeFunction = `# Passes the sockets of the running nginx to the installed one. No connection is refused.
upgrade() {
    if ! "$nginx" -t -q; then
        echo "nginx: the new version refuses the configuration: the old one keeps running" >&2
        return 1
    fi
    kill -USR2 "$master"
    tries=0
    until [ -s "$pidfile.oldbin" ] && [ -s "$pidfile" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ]; then
            echo "nginx: the new version did not start: the old one keeps running (see its error log)" >&2
            return 1
        fi
        sleep 0.1
    done
    kill -QUIT "$(cat "$pidfile.oldbin")"
}
`

export const stopFunction = `# Requests that are in progress have 30 seconds to end.
stop() {
    kill -QUIT "$master"
    tries=0
    while [ -d "/proc/$master" ]; do
        tries=$((tries + 1))
        if [ "$tries" -eq 300 ]; then kill -TERM "$master"; fi
        if [ "$tries" -gt 400 ]; then
            echo "nginx: process $master does not end" >&2
            return 1
        fi
        sleep 0.1
    done
}
`

/** In this order of words, policy 6.5 names what dpkg calls a script with. */
export const otherArguments = (script: string): string => `    *)
        echo "${script} called with unknown argument '$1'" >&2
        exit 1
        ;;`

export const script = (name: string, ...parts: readonly string[]): PackageEntry => ({
  path: name,
  mode: 0o755,
  content: Buffer.from(`#!/bin/sh\nset -e\n\n${parts.join('\n')}\n`),
})
