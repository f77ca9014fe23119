/** Words of template languages: Jinja, Go and ERB. */
export const templateWords = ['{{', '}}', '{%', '%}', '{#', '#}', '<%', '<%=', '%>', '{{ if a }}']
