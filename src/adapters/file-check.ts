/** Is asked about every file that is read of a folder or an application; both may throw. */
export interface FileCheck {
  /** Before the file is looked at. */
  readonly path: (path: string) => void
  /** Once it is open, before it is read. */
  readonly file: (path: string, descriptor: number) => void
}
