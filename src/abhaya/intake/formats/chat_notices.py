"""The sentences by which a telephone tells of a group in an exported chat, language by language, as data.

WhatsApp writes them in the language of the telephone that exported. They are those of its versions as far as known; a line
that none of them fits stands among what was not understood, and nothing is guessed of it.
"""

from __future__ import annotations

from typing import NamedTuple

_WHO = r"(?P<who>(?:(?!: ).){1,300}?)"
_WHOM = r"(?P<whom>.{1,900}?)"
_NE = r"\s?ने "
_NUMBER = r"(?P<whom>\+.{5,40}?)"
_QUOTED = r"[\"“”„«]\s?(?P<name>.*?)\s?[\"“”»]"
_OLD = r"[\"“”„«].*?[\"“”»]"


class Language(NamedTuple):
    """`you`: how the exporting telephone calls its own user in a notice; `last`: what stands before the last of several
    names. A sentence's kind is one of `chat_lines.Notice.kind`; its full stop may be missing.
    """

    code: str  # ISO 639-1
    you: tuple[str, ...]
    last: str
    sentences: tuple[tuple[str, str], ...]


LANGUAGES: tuple[Language, ...] = (
    Language("en", ("You", "you"), " and ", (
        ("nothing", r"Messages (?:and calls|to this (?:chat|group)).*|This chat is (?:with|now).*|Tap to (?:learn|change).*"),
        ("created", rf"{_WHO} created (?:the )?group {_QUOTED}"),
        ("created", rf"{_WHO} created this (?:group|community)"),
        ("created", rf"{_WHO} created the channel {_QUOTED}"),
        ("joined", rf"{_WHO} joined (?:using (?:this group's|your|a group|an)(?: invite)? link|via (?:an )?invite link|from the community|the group)"),
        ("renamed", rf"{_WHO} changed the (?:subject|group name)(?: from [\"“].*[\"”])? to {_QUOTED}"),
        ("number", rf"{_WHO} changed to {_NUMBER}"),
        ("nothing", rf"{_WHO} changed their phone number(?: to a new number)?\..*"),
        ("removed", rf"{_WHO} removed {_WHOM}"),
        ("removed", r"(?P<whom>You) were removed"),
        ("added", rf"{_WHO} added {_WHOM}"),
        ("added", r"(?P<whom>You) were added"),
        ("left", rf"{_WHO} left"),
        ("admin", r"(?P<whom>You)['’]re now an admin"),
        ("admin", r"(?P<whom>(?:(?!: ).){1,300}?) is now an admin"),
        ("nothing", rf"{_WHO}(?: is| are|['’]re) no longer an admin"),
        ("administered", rf"{_WHO} (?:changed (?:this group's|the group|the) (?:icon|description|settings).*|deleted this group's icon|reset this group's invite link|allowed .*|turned (?:on|off) (?:admin approval|disappearing messages).*|updated the message timer.*)"),
        ("nothing", rf"{_WHO} (?:pinned a message|started a (?:call|video call)|requested to join.*|was added)|Your security code with .* changed.*|Missed (?:voice|video|group).*call.*|Waiting for this message.*"),
        ("nothing", rf"{_WHO} (?:blocked|unblocked) this (?:contact|person).*"),
    )),
    Language("hi", ("आप", "आपको", "आपने"), " और ", (
        ("nothing", r"(?:मैसेज|संदेश|मैसेजेस)(?:ों)? और कॉल.*"),
        ("created", rf"{_WHO}{_NE}(?:ग्रुप|समूह) {_QUOTED} बनाया(?: है)?"),
        ("created", rf"{_WHO}{_NE}{_QUOTED} (?:ग्रुप|समूह) बनाया(?: है)?"),
        ("joined", rf"{_WHO} (?:इस )?(?:ग्रुप|समूह) (?:के|की) (?:इनवाइट|आमंत्रण) लिंक (?:से|का (?:उपयोग|इस्तेमाल) करके|के (?:ज़रिए|माध्यम से)) (?:जुड़|शामिल हु)(?:ा|ी|े|ए|ई|आ)(?: हैं?)?"),
        ("renamed", rf"{_WHO}{_NE}(?:ग्रुप का )?(?:विषय|नाम) (?:को )?{_OLD} से बदलकर {_QUOTED} (?:कर दिया|किया|रखा)(?: है)?"),
        ("number", rf"{_WHO}{_NE}(?:अपना )?(?:फ़ोन )?नंबर बदलकर {_NUMBER} कर (?:लिया|दिया)(?: है)?"),
        ("added", rf"{_WHO}{_NE}{_WHOM} को (?:जोड़ा|शामिल किया|ऐड किया)(?: है)?"),
        ("added", rf"{_WHO}{_NE}(?P<whom>आपको) (?:जोड़ा|शामिल किया|ऐड किया)(?: है)?"),
        ("removed", rf"{_WHO}{_NE}{_WHOM} को (?:निकाल दिया|निकाला|हटा दिया|हटाया)(?: है)?"),
        ("removed", rf"{_WHO}{_NE}(?P<whom>आपको) (?:निकाल दिया|निकाला|हटा दिया|हटाया)(?: है)?"),
        ("left", rf"{_WHO}{_NE}(?:ग्रुप |समूह )?छोड़(?: दिया| दी|ा)(?: है)?"),
        ("admin", r"(?P<whom>(?:(?!: ).){1,300}?) अब एडमिन हैं?"),
    )),
    Language("de", ("Du", "du", "dich"), " und ", (
        ("nothing", r"Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.*|Nachrichten an diese Gruppe sind jetzt mit Ende-zu-Ende.*"),
        ("created", rf"{_WHO} (?:hat|hast) die Gruppe {_QUOTED} erstellt"),
        ("created", rf"{_WHO} (?:hat|hast) (?:die|diese) Gruppe erstellt"),
        ("joined", rf"{_WHO} (?:ist|bist) (?:dieser|der) Gruppe (?:(?:über|mit|per|durch) (?:einen|einem|den|dem) (?:Einladungslink|Gruppen-Einladungslink)(?: der Gruppe)? )?beigetreten"),
        ("left", rf"{_WHO} (?:hat|hast) die Gruppe verlassen"),
        ("renamed", rf"{_WHO} (?:hat|hast) den (?:Betreff|Gruppennamen)(?: von {_OLD})? (?:zu|in) {_QUOTED} geändert"),
        ("number", rf"{_WHO} (?:hat|hast) (?:die Telefonnummer )?zu {_NUMBER} gewechselt"),
        ("nothing", rf"{_WHO} hat (?:die|eine neue) Telefonnummer(?: gewechselt)?\..*"),
        ("removed", rf"{_WHO} (?:hat|hast) {_WHOM} entfernt"),
        ("added", rf"{_WHO} (?:hat|hast) {_WHOM} hinzugefügt"),
        ("added", r"(?P<whom>Du) wurdest hinzugefügt"),
        ("admin", r"(?P<whom>(?:(?!: ).){1,300}?) (?:ist|bist) jetzt (?:ein )?(?:Gruppen-?)?Admin(?:istrator)?"),
        ("administered", rf"{_WHO} (?:hat|hast) (?:das Gruppenbild|die Gruppenbeschreibung|die Beschreibung) (?:geändert|gelöscht)"),
    )),
    Language("es", ("Tú", "tú", "te", "Te"), " y ", (
        ("nothing", r"Los mensajes y las llamadas están cifrados de extremo a extremo.*"),
        ("created", rf"{_WHO} creó (?:el|este) grupo(?: {_QUOTED})?"),
        ("joined", rf"{_WHO} se unió (?:(?:usando|con|mediante|a través de)l? (?:el |un )?enlace de invitación(?: de este grupo)?|al grupo)"),
        ("added", rf"{_WHO} (?P<whom>te) (?:añadió|agregó)"),
        ("added", rf"{_WHO} (?:añadió|agregó) a {_WHOM}"),
        ("removed", rf"{_WHO} (?P<whom>te) (?:eliminó|sacó)"),
        ("removed", rf"{_WHO} (?:eliminó|sacó) a {_WHOM}"),
        ("left", rf"{_WHO} (?:ha salido|salió)(?: del grupo)?"),
        ("renamed", rf"{_WHO} cambió el (?:asunto|nombre)(?: del grupo)?(?: de {_OLD})? (?:a|por) {_QUOTED}"),
        ("number", rf"{_WHO} cambió (?:su número )?a {_NUMBER}"),
        ("nothing", rf"{_WHO} cambió su número de teléfono.*"),
        ("admin", r"(?P<whom>(?:(?!: ).){1,300}?) ahora es (?:admin|administrador)(?:\.|a)?(?: del grupo)?"),
        ("administered", rf"{_WHO} cambió (?:el ícono|el icono|la foto|la descripción) (?:de este|del) grupo"),
    )),
    Language("pt", ("Você", "você", "Tu"), " e ", (
        ("nothing", r"As mensagens e (?:as )?(?:chamadas|ligações) são protegidas com (?:a )?(?:criptografia|encriptação) de ponta a ponta.*"),
        ("created", rf"{_WHO} criou (?:o|este) grupo(?: {_QUOTED})?"),
        ("joined", rf"{_WHO} entrou (?:(?:no grupo )?usando (?:o|um) link de convite(?: deste grupo)?|através d[oe] (?:um )?link de convite.{{0,20}}|no grupo)"),
        ("added", rf"{_WHO} adicionou {_WHOM}"),
        ("added", r"(?P<whom>Você) foi adicionad[oa]"),
        ("removed", rf"{_WHO} removeu {_WHOM}"),
        ("left", rf"{_WHO} saiu(?: do grupo)?"),
        ("renamed", rf"{_WHO} (?:mudou|alterou) o (?:assunto|nome)(?: do grupo)?(?: de {_OLD})? para {_QUOTED}"),
        ("number", rf"{_WHO} (?:mudou|alterou)(?: o (?:seu )?número)? para {_NUMBER}"),
        ("nothing", rf"{_WHO} (?:mudou|alterou) (?:o seu|seu) número.*"),
        ("admin", r"(?P<whom>(?:(?!: ).){1,300}?) agora é (?:um )?admin(?:istrador(?:a)?)?(?: do grupo)?"),
        ("administered", rf"{_WHO} (?:mudou|alterou) (?:a imagem|o ícone|a descrição) (?:deste|do) grupo"),
    )),
    Language("fr", ("Vous", "vous"), " et ", (
        ("nothing", r"Les messages et (?:les )?appels sont chiffrés de bout en bout.*"),
        ("created", rf"{_WHO} (?:a|avez) créé (?:le|ce) groupe(?: {_QUOTED})?"),
        ("joined", rf"{_WHO} (?:a|avez) rejoint (?:le |ce )?groupe(?: (?:via|avec|en utilisant|à l['’]aide d[ue]) (?:le |un |ce )?lien d['’]invitation.{{0,20}})?"),
        ("added", rf"{_WHO} (?P<whom>vous) a ajouté(?:e)?"),
        ("added", rf"{_WHO} (?:a|avez) ajouté {_WHOM}"),
        ("removed", rf"{_WHO} (?:a|avez) (?:retiré|supprimé|exclu) {_WHOM}"),
        ("left", rf"{_WHO} (?:(?:a|avez) quitté(?: le groupe)?|est parti(?:e|\(e\))?)"),
        ("renamed", rf"{_WHO} (?:a|avez) (?:changé|modifié) (?:le sujet|l['’]objet|le nom)(?: du groupe)?(?: de {_OLD})? (?:en|à|pour) {_QUOTED}"),
        ("number", rf"{_WHO} (?:a|avez) changé (?:de numéro )?(?:pour|vers) (?:le )?{_NUMBER}"),
        ("nothing", rf"{_WHO} a changé de numéro(?: de téléphone)?.*"),
        ("admin", r"(?P<whom>(?:(?!: ).){1,300}?) est (?:maintenant|désormais) (?:un )?admin(?:istrateur|istratrice)?(?: du groupe)?"),
        ("administered", rf"{_WHO} (?:a|avez) (?:changé|modifié) (?:l['’]icône|l['’]image|la description) (?:de ce|du) groupe"),
    )),
)  # fmt: skip

# What stands where a picture, film, sound or document was, and what stands where a message was taken back.
MEDIA = (
    "<Media omitted>", "<मीडिया के बिना>", "<Medien ausgeschlossen>", "<Multimedia omitido>", "<Mídia oculta>",
    "<Ficheiro não revelado>", "<Médias omis>", "Bild weggelassen", "Video weggelassen", "Audio weggelassen",
    "Dokument weggelassen", "imagen omitida", "video omitido", "audio omitido", "documento omitido", "imagem ocultada",
    "vídeo omitido", "áudio ocultado", "image absente", "vidéo absente", "audio omis",
)  # fmt: skip
TAKEN_BACK = (
    "This message was deleted", "You deleted this message", "यह मैसेज डिलीट किया गया", "Diese Nachricht wurde gelöscht",
    "Du hast diese Nachricht gelöscht", "Se eliminó este mensaje", "Eliminaste este mensaje", "Mensagem apagada",
    "Essa mensagem foi apagada", "Você apagou esta mensagem", "Ce message a été supprimé", "Vous avez supprimé ce message",
)  # fmt: skip
# How the name of the exported file begins, before the chat's.
TITLES = (
    "WhatsApp Chat with ", "WhatsApp Chat - ", "Chat with ", "WhatsApp Chat mit ", "WhatsApp-Chat mit ",
    "Chat de WhatsApp con ", "Conversa do WhatsApp com ", "Discussion WhatsApp avec ",
)  # fmt: skip
