import type { Inputs } from './core/dialects/dialect.ts'
import { insideOnly } from './core/outside.ts'
import { type Compilation, compile as compileFiles, type Only } from './core/pipeline.ts'

export {
  type HaproxyConfig,
  type HaproxyDocument,
  type HaproxyReading,
  type HaproxySection,
  type HaproxyStatement,
  readHaproxy,
} from './core/config/haproxy/config.ts'
export {
  type HaproxyDefaults,
  type HaproxyFile,
  type HaproxyPlace,
  type HaproxyProxy,
  type HaproxySetting,
  haproxyProxies,
  haproxySettings,
} from './core/config/haproxy/effective.ts'
export type { HaproxyLine, HaproxyToken } from './core/config/haproxy/lines.ts'
export type { HttpdMember, HttpdParameter } from './core/config/httpd/balancer-lines.ts'
export {
  type HttpdBalancer,
  type HttpdHost,
  type HttpdIgnoredMember,
  httpdHosts,
} from './core/config/httpd/balancers.ts'
export type { HttpdSetup } from './core/config/httpd/evaluate.ts'
export { readHttpdFiles } from './core/config/httpd/files.ts'
export type { HttpdToken } from './core/config/httpd/lines.ts'
export type {
  HttpdFiles,
  HttpdFilesProblem,
  HttpdStatement,
} from './core/config/httpd/statements.ts'
export {
  type HttpdBlock,
  type HttpdConfig,
  type HttpdDirective,
  type HttpdDocument,
  type HttpdReading,
  readHttpd,
} from './core/config/httpd/tree.ts'
export {
  type NginxFiles,
  type NginxInclude,
  type NginxStatement,
  nginxIncludePatterns,
  nginxStatements,
  readNginxFiles,
} from './core/config/nginx/files.ts'
export {
  type Block as NginxBlock,
  type Directive as NginxDirective,
  type NginxDocument,
  readNginx,
} from './core/config/nginx/tree.ts'
export {
  type ConfigDocument,
  type ConfigEdit,
  type ConfigPosition,
  type ConfigProblem,
  type ConfigText,
  editText,
  positionsIn,
  printConfig,
} from './core/config/text.ts'
export type { Diagnostic, Severity } from './core/diagnostics/diagnostic.ts'
export type { LocatedDiagnostic, Location } from './core/diagnostics/located.ts'
export {
  type Imported,
  type ImportSettings,
  type ImportSource,
  type InstalledNginx,
  importFiles,
} from './core/import/index.ts'
export type { Cluster } from './core/model/cluster.ts'
export {
  type Compilation,
  inputFiles,
  readSpec,
  resolveSpec,
  shownDiagnostics,
} from './core/pipeline.ts'
export type { Artifact } from './core/render/artifact.ts'
export { jsonSchema } from './core/spec/json-schema.ts'

/** @param inputs the files that inputFiles() names, by their paths */
export const compile = (resolved: Compilation, inputs: Inputs, only: Only): Compilation =>
  compileFiles(resolved, insideOnly(inputs), only)
