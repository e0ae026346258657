import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HtmlValidate } from 'html-validate'
import { layoutMessage, type MessageContent } from './layout.tsx'

const content: MessageContent = {
  titre: 'Votre demande est bien arrivée',
  paragraphes: [
    'Bonjour,\nnous avons reçu votre demande d’acte de naissance.',
    { reference: { intitule: 'Référence', valeur: 'K7QM-4PXW' } },
    { lien: { texte: 'Suivre ma demande', href: 'https://territoire.example/valnoir/suivi?r=1&c=2' } },
  ],
  emetteur: { nom: 'Commune de Valnoir', telephone: '02 61 91 00 12', adresse: '1 place de la Fontaine, 14999 Valnoir' },
  demonstration: true,
}

test('both forms say the same, and the demonstration says that it is one', () => {
  const { text, html } = layoutMessage(content)
  for (const said of [
    'DÉMONSTRATION',
    content.titre,
    'acte de naissance',
    'K7QM-4PXW',
    'Suivre ma demande',
    'Commune de Valnoir',
    '02 61 91 00 12',
  ]) {
    assert.ok(text.includes(said), `text: ${said}`)
    assert.ok(html.includes(said), `html: ${said}`)
  }
  assert.ok(text.includes('\nhttps://territoire.example/valnoir/suivi?r=1&c=2\n'))
  assert.ok(html.includes('href="https://territoire.example/valnoir/suivi?r=1&amp;c=2"'))
  const real = layoutMessage({ ...content, demonstration: false })
  assert.ok(!real.text.includes('DÉMONSTRATION') && !real.html.includes('DÉMONSTRATION'))
})

test('the HTML is valid, light, and loads nothing', async () => {
  const { html } = layoutMessage(content)
  const report = await new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] }).validateString(html)
  assert.deepEqual(
    report.results.flatMap(result => result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
    [],
  )
  assert.ok(Buffer.byteLength(html) < 4000, `${Buffer.byteLength(html)} bytes`)
  assert.doesNotMatch(html, /<(img|script|link|table|iframe)\b|url\(|@import/i)
})

test('what people type stays text, and a link leads nowhere dangerous', () => {
  const { text, html } = layoutMessage({
    ...content,
    titre: '<script>x</script>',
    paragraphes: ['<img src=x onerror=alert(1)> \u0000\u001b[31m', { lien: { texte: '<b>', href: 'javascript:alert(1)' } }],
  })
  assert.doesNotMatch(html, /<script>x|<img|<b>|javascript:/)
  for (const kept of ['javascript:', '\u0000', '\u001b']) assert.ok(!text.includes(kept))
})
