import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Toolchain } from '../support/servers.ts'

/** Prints the file that is named as it is, with `.said`; given `-o FILE`, it writes a script there. */
const source = `
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int main(int count, char **words)
{
    char name[4096];
    FILE *file;
    int c;

    for (int i = 1; i < count - 1; i++) {
        if (strcmp(words[i], "-o") == 0) {
            file = fopen(words[i + 1], "w");
            fputs("#!/bin/sh\\necho 1.2.13\\n", file);
            fclose(file);
            return chmod(words[i + 1], 0755);
        }
    }
    snprintf(name, sizeof(name), "%s.said", words[0]);
    file = fopen(name, "r");
    while (file != NULL && (c = getc(file)) != EOF) putchar(c);
    return 0;
}
`

/** A program for packages of the tests, and the C library that it runs with, by paths in a package. */
export interface FakeProgram {
  readonly program: Buffer
  readonly libraries: Readonly<Record<string, Buffer>>
}

export const compileFakeProgram = ({ bin }: Toolchain, dir: string): FakeProgram => {
  const file = join(dir, 'fake')
  writeFileSync(`${file}.c`, source)
  const root = join(bin, '..')
  // Not the launcher, which would make it use the libraries of the toolchain wherever it is.
  const args = [`--sysroot=${root}`, `-B${root}/usr/bin`, '-O1', '-s', '-o', file, `${file}.c`]
  const PATH = `${bin}:${process.env['PATH']}`
  execFileSync(join(root, 'usr/bin/gcc'), args, { env: { ...process.env, PATH } })
  const names = readdirSync(join(root, 'lib'))
    .filter((folder) => folder.includes('-linux-gnu'))
    .flatMap((folder) =>
      readdirSync(join(root, 'lib', folder)).map((name) => `lib/${folder}/${name}`),
    )
    .filter((name) => /\/(?:ld-linux[^/]*\.so\.\d|libc\.so\.6)$/.test(name))
  return {
    program: readFileSync(file),
    libraries: Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name))])),
  }
}
