import { manifestPath, parseManifest } from '../core/output/manifest.ts'
import { IoError } from '../errors.ts'

/**
 * Without a valid manifest it is unknown which files of an output folder sessctl wrote.
 * @param folder as messages name it.
 * @throws IoError when the text is no manifest of this sessctl.
 */
export const checkManifest = (folder: string, manifestText: string | null): void => {
  if (manifestText === null || parseManifest(manifestText) !== null) return
  throw new IoError(`${folder}/${manifestPath} is not a valid manifest of sessctl`, {
    help: 'restore it from version control, use the sessctl that wrote it, or choose another --output',
  })
}
