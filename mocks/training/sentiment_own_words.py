"""Words of opinion that the public lexicons lack or misjudge: everyday praise and complaint, written for this project.

Stems with `|`-separated endings; the number is the strength of each line.
"""

from __future__ import annotations

from collections.abc import Iterator

_WORDS: dict[str, dict[float, str]] = {
    "es": {
        3.2: "excelente||s excepcional||es fantástic|o|a|os|as maravillos|o|a|os|as increíble||s genial||es perfect|o|a|os|as estupend|o|a|os|as "
        "espectacular||es magnífic|o|a|os|as fabulos|o|a|os|as encant|a|an|ó|ado|ada|aron|o|ador|adora impecable||s inmejorable||s enamor|ado|ada amo adoro",
        2.2: "buen|o|a|os|as|ísimo|ísima mejor||es bien gracias content|o|a|os|as feliz felices alegre||s satisfech|o|a|os|as recomiendo recomendable||s "
        "recomendad|o|a gust|a|an|ó|aron|ado bonit|o|a|os|as precios|o|a|os|as hermos|o|a|os|as delicios|o|a|os|as ric|o|a|os|as amable||s simpátic|o|a|os|as "
        "agradable||s cómod|o|a|os|as útil útiles rápid|o|a|os|as eficaz eficaces eficiente||s lind|o|a|os|as disfrut|é|amos|ar|o acierto éxito",
        -3.2: "horrible||s terrible||s pésim|o|a|os|as espantos|o|a|os|as asqueros|o|a|os|as asco horror|oso|osa odio desastre||s desastros|o|a|os|as "
        "nefast|o|a|os|as lamentable||s vergüenza estafa||s basura inútil inútiles detest|o|able|ables inaceptable||s",
        -2.2: "mal||o|a|os|as peor||es decepcion|ante|antes|ado|ada|ados|adas|ó decepción defectuos|o|a|os|as rot|o|a|os|as romp|ió|e|ieron lent|o|a|os|as "
        "suci|o|a|os|as car|o|a|os|as fall|a|an|ó|os|o problema||s queja||s triste||s enfadad|o|a|os|as aburrid|o|a|os|as feo fea feos feas retras|o|ado|ada "
        "tarde dañad|o|a|os|as antipátic|o|a|os|as groser|o|a|os|as maleducad|o|a|os|as fraude error||es incómod|o|a|os|as ruidos|o|a|os|as frustr|ante|ado|ada",
    },
    "fr": {
        3.2: "excellent||e|s|es parfait||e|s|es formidable||s génial||e|es géniaux merveilleu|x|se|ses fantastique||s magnifique||s superbe||s extraordinaire||s "
        "adore adorons adoré impeccable||s exceptionnel||le|s|les incroyable||s splendide||s ravi||e|s|es délicieu|x|se|ses enchanté||e|s|es",
        2.2: "bon||ne|s|nes bien bravo merci mieux meilleur||e|s|es content||e|s|es heureu|x|se|ses satisfait||e|s|es aime aimons aimé recommande recommandons beau belle "
        "beaux belles joli||e|s|es agréable||s sympathique||s sympa||s gentil||le|s|les pratique||s rapide||s efficace||s utile||s confortable||s super top plaisir réussi||e|s|es",
        -3.2: "horrible||s affreu|x|se|ses nul||le|s|les catastrophique||s catastrophe||s épouvantable||s lamentable||s inacceptable||s déteste détestable||s honte honteu|x|se|ses "
        "arnaque||s scandaleu|x|se|ses abominable||s exécrable||s dégoûtant||e|s|es pire||s ignoble||s haine hais",
        -2.2: "mauvais||e|es mal déçu||e|s|es décevant||e|s|es déception||s triste||s lent||e|s|es sale||s cassé||e|s|es défectueu|x|se|ses panne||s problème||s cher||s chère chères "
        "ennuyeu|x|se|ses dommage inutile||s énervé||e|s|es fâché||e|s|es retard||s désagréable||s bruyant||e|s|es médiocre||s raté||e|s|es erreur||s abîmé||e|s|es impoli||e|s|es froid||e|s|es",
    },
    "de": {
        3.2: "ausgezeichnet||e|er|es|en|em hervorragend||e|er|es|en|em fantastisch||e|er|es|en|em wunderbar||e|er|es|en|em großartig||e|er|es|en|em perfekt||e|er|es|en|em "
        "toll||e|er|es|en|em genial||e|er|es|en|em exzellent||e|er|es|en|em begeistert||e|er liebe liebt lieben klasse super spitze traumhaft||e|er|es|en sensationell||e|er|es|en einwandfrei||e|er|es|en herrlich||e|er|es|en",
        2.2: "gut||e|er|es|en|em besser||e|er|es|en beste||r|s|n danke dankbar||e zufrieden||e|er glücklich||e|er|en froh freu|e|en|t|te freude empfehle empfehlen empfehlenswert||e|er|es "
        "schön||e|er|es|en|em freundlich||e|er|es|en|em nett||e|er|es|en|em schnell||e|er|es|en lecker||e|er|es|en praktisch||e|er|es|en angenehm||e|er|es|en bequem||e|er|es|en hilfreich||e|er|es|en "
        "zuverlässig||e|er|es|en mag gefällt gefallen sauber||e|er|es|en gerne hübsch||e|er|es|en erfolg||e|reich",
        -3.2: "schrecklich||e|er|es|en|em furchtbar||e|er|es|en|em katastrophal||e|er|es|en katastrophe grauenhaft||e|er|es|en grottenschlecht||e|er|es miserabel miserable||r|s|n "
        "entsetzlich||e|er|es|en hasse hasst unverschämt||e|er|es|en frechheit betrug müll schrott unzumutbar||e|er|es unbrauchbar||e|er|es|en ekelhaft||e|er|es|en widerlich||e|er|es|en horror",
        -2.2: "schlecht||e|er|es|en|em schlechter||e|es schlimm||e|er|es|en|ste|er enttäuscht||e|er|en enttäuschend||e|er|es|en enttäuschung kaputt||e|er|es|en defekt||e|er|es|en langsam||e|er|es|en "
        "teuer teure||r|s|n schmutzig||e|er|es|en dreckig||e|er|es|en langweilig||e|er|es|en leider traurig||e|er|en ärgerlich||e|er|es|en ärger problem||e|en unfreundlich||e|er|es|en "
        "verspätung verspätet||e|er nutzlos||e|er|es|en fehler mangelhaft||e|er|es laut||e|er|es|en beschädigt||e|er|es|en nervt nervig||e|er|es mies||e|er|es|en hässlich||e|er|es|en wütend unzufrieden||e",
    },
    "it": {
        3.2: "eccellent|e|i fantastic|o|a|i|he meraviglios|o|a|i|e perfett|o|a|i|e stupend|o|a|i|e magnific|o|a|i|he splendid|o|a|i|e straordinari|o|a|i|e ottim|o|a|i|e "
        "bellissim|o|a|i|e buonissim|o|a|i|e incredibil|e|i adoro adoriamo amo geniale entusiast|a|i impeccabil|e|i eccezional|e|i favolos|o|a|i|e",
        2.2: "buon||o|a|i|e bene grazie miglior||e|i content|o|a|i|e felic|e|i soddisfatt|o|a|i|e consiglio consigliat|o|a|i|e consigliatissimo bell||o|a|i|e carin|o|a|i|e "
        "piac|e|ciono|iuto|iuta|evole|evoli gentil|e|i gentilissim|o|a|i simpatic|o|a|i delizios|o|a|i|e veloc|e|i comod|o|a|i|he util|e|i efficient|e|i pulit|o|a|i|e bravissim|o|a|i brav|o|a|i|e",
        -3.2: "orribil|e|i terribil|e|i pessim|o|a|i|e disastro disastros|o|a|i|e schifo schifos|o|a|i|e orrend|o|a|i|e vergogna vergognos|o|a|i|e truffa odio spaventos|o|a inaccettabil|e|i "
        "spazzatura detest|o|abile deplorevol|e|i",
        -2.2: "mal||e cattiv|o|a|i|e peggio peggior||e|i delus|o|a|i|e|ione deludent|e|i brutt|o|a|i|e rott|o|a|i|e difettos|o|a|i|e lent|o|a|i|e sporc|o|a|i|he car|o|a|i|e trist|e|i "
        "noios|o|a|i|e problem|a|i inutil|e|i ritard|o|i purtroppo arrabbiat|o|a|i|e scadent|e|i danneggiat|o|a|i|e maleducat|o|a|i|e scortes|e|i error|e|i rumoros|o|a|i|e scomod|o|a|i|e peccato",
    },
    "pt": {
        3.2: "excelente||s maravilhos|o|a|os|as fantástic|o|a|os|as perfeit|o|a|os|as incríve|l|is ótim|o|a|os|as óptim|o|a|os|as magnífic|o|a|os|as espetacular||es excecional excepcional adoro adorei "
        "amo amei amamos impecáve|l|is sensacional maravilha lindíssim|o|a genial sensacionais",
        2.2: "bom boa bons boas bem melhor||es obrigad|o|a feliz felizes content|e|es satisfeit|o|a|os|as recomend|o|amos|ado|ável gost|o|ei|amos|ou lind|o|a|os|as bonit|o|a|os|as "
        "bel|o|a|os|as agradáve|l|is simpátic|o|a|os|as delicios|o|a|os|as saboros|o|a|os|as rápid|o|a|os|as confortáve|l|is úte|is útil eficiente||s prátic|o|a|os|as parabéns legal atencios|o|a|os|as",
        -3.2: "horríve|l|is terríve|l|is péssim|o|a|os|as pavoros|o|a|os|as nojo nojent|o|a|os|as desastre desastros|o|a vergonha vergonhos|o|a odeio odiei lixo golpe burla inaceitáve|l|is detest|o|ei|ável lamentáve|l|is",
        -2.2: "mal||a|as mau maus má más ruim ruins pior||es decepcion|ante|antes|ado|ada|ados|adas|ou desilu|dido|dida|são dececion|ante|ado|ada decepção defeituos|o|a|os|as defeito||s quebrad|o|a|os|as quebrou partid|o|a "
        "lent|o|a|os|as suj|o|a|os|as car|o|a|os|as triste||s chat|o|a|os|as aborrecid|o|a|os|as problema||s inútil inúteis atras|o|ado|ada|ou infelizmente fei|o|a|os|as estragad|o|a|os|as falha||s falhou "
        "mal-educad|o|a grosseir|o|a|os|as barulhent|o|a|os|as desconfortáve|l|is frustr|ante|ado|ada erro||s",
    },
}  # fmt: skip


def own(language: str) -> Iterator[tuple[str, float]]:
    """Each word form and its strength."""
    for strength, line in _WORDS[language].items():
        for entry in line.split():
            stem, *endings = entry.split("|")
            yield from ((stem + ending, strength) for ending in endings or ("",))
