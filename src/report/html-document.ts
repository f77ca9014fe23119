import { base64Sha256 } from '../core/traffic/sha256.ts'
import { html, type Markup } from './traffic/markup.ts'

/** Identifies a page of sessctl: no other file is overwritten. */
export const pageMark = '<meta name="generator" content="sessctl">'

/**
 * A self-contained page: no script, no request, and a content security policy that allows neither.
 * @param styleSheet CSS of sessctl.
 */
export const htmlDocument = (title: string, styleSheet: string, body: Markup): string => {
  const policy = `default-src 'none'; style-src 'sha256-${base64Sha256(styleSheet)}'; base-uri 'none'; form-action 'none'`
  const style: Markup = { markup: styleSheet }
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${{ markup: policy }}">${{ markup: pageMark }}<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head>
<body>${body}</body></html>
`.markup
}
