#!/usr/bin/env node
// Posts a review as comments of a pull request (GitHub) or notes of a merge request (GitLab). The first
// line of each is a hidden marker: a comment of the same author with the same marker is updated, and one
// of a longer review is deleted.
import { readFileSync } from 'node:fs'

/** A failure that the log explains; any other error is a bug. */
class Failure extends Error {
  exitCode = 3
}

/** The host refuses the token, as it does in a request of a fork. */
class Refused extends Failure {
  exitCode = 1
}

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
    if (answer.ok) return answer.status === 204 ? null : answer.json()
    const message = `${method} ${url}: HTTP status ${answer.status}`
    if (answer.status === 401 || answer.status === 403)
      throw new Refused(`${message}: the token needs ${permission}`)
    throw new Failure(message)
  }

const firstLine = (text) => text.split(/\r?\n/, 1)[0]

/** The comments of this user that are a part of the review of a spec, by their markers. */
const ownComments = async (host, call, marker) => {
  const isOurs = await host.isOurs(call)
  const start = marker.replace(/ -->$/, '')
  const found = new Map()
  for (let page = 1; page <= mostPages; page++) {
    const comments = await call('GET', `${host.comments}?per_page=${perPage}&page=${page}`)
    for (const each of comments) {
      const own = firstLine(each.body ?? '')
      const isPart = own === marker || (own.startsWith(`${start}, part `) && own.endsWith(' -->'))
      if (isPart && isOurs(each) && !found.has(own)) found.set(own, each)
    }
    if (comments.length < perPage) break
  }
  return found
}

const upsert = async (host, call, found, text) => {
  if (found === undefined) {
    await call('POST', host.comments, text)
    return 'posted'
  }
  // GitHub stores line ends as CRLF if a browser edited the comment.
  if (found.body.replaceAll('\r\n', '\n').trimEnd() === text.trimEnd()) return 'unchanged'
  await call(host.update, host.comment(found.id), text)
  return 'updated'
}

/** A review is one comment, or several: each starts with its marker. */
const post = async (host, review) => {
  const texts = review.split(/^(?=<!-- sessctl [^>]*, part \d+ -->$)/m)
  const marker = firstLine(review)
  if (!/^<!-- sessctl\b[^>]* -->$/.test(marker))
    throw new Failure(
      'the first line is not the marker of a review: use sessctl diff --format markdown',
    )
  const call = callerFor(host)
  const found = await ownComments(host, call, marker)
  const done = []
  for (const text of texts) {
    done.push(await upsert(host, call, found.get(firstLine(text)), text))
    found.delete(firstLine(text))
  }
  for (const { id } of found.values()) {
    await call('DELETE', host.comment(id))
    done.push('deleted')
  }
  return done.join(', ')
}

const main = async ([file, ...others]) => {
  if (file === undefined || others.length > 0 || file.startsWith('-'))
    throw new Failure('usage: sessctl-comment FILE, in a job of GitHub or GitLab')
  const host = process.env['GITLAB_CI'] === 'true' ? gitlab() : github()
  const done = await post(host, readFileSync(file, 'utf8'))
  process.stdout.write(`review ${done}\n`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Failure || error.code === 'ENOENT')) throw error
  process.stderr.write(`sessctl-comment: ${error.message}\n`)
  process.exitCode = error.exitCode ?? 3
}
