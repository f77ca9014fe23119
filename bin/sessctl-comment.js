#!/usr/bin/env node
// Posts a file as a comment of a pull request (GitHub) or a note of a merge request (GitLab). The first
// line of the file is a hidden marker: a comment of the same author with the same marker is updated.
import { readFileSync } from 'node:fs'

/** A failure that the log explains; any other error is a bug. */
class Failure extends Error {}

const patience = 30_000
const perPage = 100
/** Of a request with more comments, the older ones are not read. */
const mostPages = 50

const env = (name) => {
  const value = process.env[name] ?? ''
  if (value === '') throw new Failure(`${name} is not set`)
  return value
}

/** A number that becomes a part of a URL. */
const numberIn = (name) => {
  const value = env(name)
  if (!/^[0-9]+$/.test(value)) throw new Failure(`${name} is not a number`)
  return value
}

/** GitHub: the comments of an issue, which a pull request is. */
const github = () => {
  const repository = env('GITHUB_REPOSITORY')
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Failure('GITHUB_REPOSITORY is invalid')
  const issues = `${env('GITHUB_API_URL')}/repos/${repository}/issues`
  const author = process.env['SESSCTL_COMMENT_AUTHOR'] || 'github-actions[bot]'
  return {
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${env('SESSCTL_COMMENT_TOKEN')}`,
      'x-github-api-version': '2022-11-28',
    },
    comments: `${issues}/${numberIn('SESSCTL_COMMENT_NUMBER')}/comments`,
    comment: (id) => `${issues}/comments/${id}`,
    update: 'PATCH',
    permission: 'pull-requests: write',
    // The token may edit the comments of other users, so a marker alone is not enough.
    isOurs: async () => (comment) => comment.user?.login === author,
  }
}

/** GitLab: the notes of a merge request. */
const gitlab = () => {
  const api = env('CI_API_V4_URL')
  const project = `${api}/projects/${numberIn('CI_PROJECT_ID')}`
  const notes = `${project}/merge_requests/${numberIn('CI_MERGE_REQUEST_IID')}/notes`
  const headers = { 'private-token': env('SESSCTL_COMMENT_TOKEN') }
  return {
    headers,
    comments: notes,
    comment: (id) => `${notes}/${id}`,
    update: 'PUT',
    permission: 'the scope api',
    isOurs: async (call) => {
      const { id } = await call('GET', `${api}/user`)
      return (note) => note.author?.id === id
    },
  }
}

const callerFor =
  ({ headers, permission }) =>
  async (method, url, body) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'sessctl' },
      ...(body === undefined ? {} : { body: JSON.stringify({ body }) }),
      // A redirect could lead the token to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    }).catch((error) => {
      throw new Failure(`${method} ${url}: ${error.cause?.message ?? error.message}`)
    })
    if (answer.ok) return answer.json()
    const needs =
      answer.status === 401 || answer.status === 403 ? `: the token needs ${permission}` : ''
    throw new Failure(`${method} ${url}: HTTP status ${answer.status}${needs}`)
  }

const findComment = async (host, call, marker) => {
  const isOurs = await host.isOurs(call)
  for (let page = 1; page <= mostPages; page++) {
    const comments = await call('GET', `${host.comments}?per_page=${perPage}&page=${page}`)
    const found = comments.find((each) => isOurs(each) && each.body?.startsWith(marker))
    if (found !== undefined) return found
    if (comments.length < perPage) return null
  }
  return null
}

const upsert = async (host, text) => {
  const [marker = ''] = text.split('\n', 1)
  if (!/^<!-- sessctl\b[^>]* -->$/.test(marker))
    throw new Failure(
      'the first line is not the marker of a review: use sessctl diff --format markdown',
    )
  const call = callerFor(host)
  const found = await findComment(host, call, marker)
  if (found === null) {
    await call('POST', host.comments, text)
    return 'posted'
  }
  // GitHub stores line ends as CRLF if a browser edited the comment.
  if (found.body.replaceAll('\r\n', '\n').trimEnd() === text.trimEnd()) return 'unchanged'
  await call(host.update, host.comment(found.id), text)
  return 'updated'
}

const main = async ([file, ...others]) => {
  if (file === undefined || others.length > 0 || file.startsWith('-'))
    throw new Failure('usage: sessctl-comment FILE, in a job of GitHub or GitLab')
  const host = process.env['GITLAB_CI'] === 'true' ? gitlab() : github()
  const done = await upsert(host, readFileSync(file, 'utf8'))
  process.stdout.write(`review ${done}\n`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Failure || error.code === 'ENOENT')) throw error
  process.stderr.write(`sessctl-comment: ${error.message}\n`)
  process.exitCode = 3
}
