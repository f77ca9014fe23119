/** Of a file that holds a secret: only its owner reads it. */
export const privateMode = 0o600

/** What a private file may keep when an operator has set it: its group reads it, others do not. */
export const isPrivateMode = (mode: number): boolean => (mode & 0o037) === 0

export const modeText = (mode: number): string => mode.toString(8).padStart(4, '0')
