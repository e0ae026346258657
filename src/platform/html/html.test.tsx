import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Raw } from './raw.tsx'
import { renderDocument, renderFragment } from './render.ts'
import { safeUrl } from './safe-url.ts'

describe('renderDocument', () => {
  it('begins with the doctype and escapes text and attributes', () => {
    const html = renderDocument(
      <html lang="fr">
        <body title={'"><script>'}>{'<b>&'}</body>
      </html>,
    )
    assert.equal(html, '<!doctype html><html lang="fr"><body title="&quot;>&lt;script>">&lt;b>&amp;</body></html>')
  })

  it('never lets a text open an element', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '/', '\n', 'é') }), text => {
        assert.match(renderFragment(<p title={text}>{text}</p>), /^<p title(="[^"]*")?>[^<]*<\/p>$/)
      }),
    )
  })

  it('puts spaces that do not break where French does, in texts and nowhere else', () => {
    const page = (text: string) => (
      <main title={text}>
        <textarea name={text}>{text}</textarea>
        <pre>{text}</pre>
        <p>
          {text}
          <b>{text}</b> : {text}
        </p>
      </main>
    )
    const text = fc.string({ unit: fc.constantFrom(' ', ' :', ' ?', ' »', '« ', '<', '>', '"', '&', 'a', '/', '\n') })
    fc.assert(
      fc.property(text, text => {
        const plain = `<!doctype html>${renderFragment(page(text))}`
        const html = renderDocument(page(text))
        assert.equal(html.replaceAll('\u00a0', ' '), plain)
        const begun = html.indexOf('<p>')
        assert.equal(html.slice(0, begun), plain.slice(0, begun), 'an attribute, a field or a sample changed')
        assert.doesNotMatch(html.slice(begun), / [:?!;»]|« /)
      }),
    )
    const long = 'a : '.repeat(200_000)
    assert.equal(renderDocument(<p>{long}</p>), `<!doctype html><p>${'a\u00a0: '.repeat(200_000)}</p>`)
  })

  it('lets raw markup through its one door', () => {
    assert.equal(renderFragment(<Raw html="<svg></svg>" as="figure" />), '<figure><svg></svg></figure>')
  })
})

describe('safeUrl', () => {
  it('keeps what leads to a page, a message or a call', () => {
    for (const href of [
      'https://mairie.example/a?b=c#d',
      'HTTP://x.example',
      'mailto:a@b.example',
      'tel:+33261910000',
      '/vire/a:b',
      'a/b',
      '?page=2',
      '#champ',
      '',
      './x:y',
    ])
      assert.equal(safeUrl(href), href)
  })

  it('turns every other scheme into #, however it is disguised', () => {
    const disguised = [
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      ' javascript:x',
      'java\tscript:x',
      'java\nscript:x',
      '\u0000javascript:x',
      '\u0001javascript:x',
      'vbscript:x',
      'data:text/html,x',
      'blob:x',
      'file:///etc/passwd',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
    ]
    for (const href of disguised) assert.equal(safeUrl(href), '#', JSON.stringify(href))
  })

  it('gives only addresses that a browser resolves to an allowed scheme, on our host when they look relative', () => {
    const pieces = fc.constantFrom(
      'javascript',
      'java',
      'script',
      ':',
      '//',
      '/',
      '\\',
      '\t',
      '\n',
      ' ',
      '\u0000',
      'data',
      'http',
      'https',
      '#',
      '?',
      'evil.example',
      'é',
      '@',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), parts => {
        const href = safeUrl(parts.join(''))
        let resolved: URL
        try {
          resolved = new URL(href, 'https://parvis.example/vire/page')
        } catch {
          return
        }
        assert.ok(['http:', 'https:', 'mailto:', 'tel:'].includes(resolved.protocol), `${JSON.stringify(href)} → ${resolved.href}`)
      }),
      { numRuns: 2000 },
    )
  })
})
