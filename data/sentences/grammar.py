#!/usr/bin/env python3
"""Writes sentences.txt: distinct English sentences of a small grammar, drawn with a fixed seed. Run it in this folder."""
import random

MOST = 2000
NOUNS = """teacher sister neighbour doctor boy farmer captain uncle judge painter baker driver daughter queen stranger choir cousin nurse sailor
mayor player author child crew engineer brother butcher guard father student jury thief shepherd giant actor mother soldier pilot window box coin
bridge bread clock rope street bottle horse watch table stone fence bag engine scarf valley report tower page vase sketch choice sugar answer shoe
coast jar school statue ferry noise ice belt station mirror album curtain paper cheese chair carpet garage bouquet dinner chapter boat jacket river
house village storm fire yard hill cave cloud shore island kitchen garden church forest cellar harbour market museum ocean palace prison theatre
tunnel university voyage pleasure measure vision treasure leisure birthday month path truth youth tooth thumb thread cloth feather leather weather
wheel whistle wing yacht zebra zone bush fish shadow shoulder sugar sheep journey jungle juice badge edge village bridge cage church chain cheek
couch match kitchen king song tongue finger anger hunger boy coin voice oil soil point house mouth crowd flower hour power beer year ear fear pear
bear stair chair tour poor tree bee sea field knee moon food spoon room wood foot book cook bird nurse girl world word work law door horse floor
egg bed bell desk head cat hand lamp map cup bus duck sun dog clock box top lake rain face gate kite pipe light nose road snow soap""".split()
ADJECTIVES = """yellow wooden green open heavy silver long fresh broken thick narrow empty white cheap large old blue rough usual northern ugly last
joyful thin huge azure beige royal casual third cold loud strange late ready small smooth full new busy expensive good bright warm hard young tired
clever tall short quick quiet deep high low early rare square clear pure sure poor rich sharp soft wet dry wild calm brave proud gentle noisy young
healthy foreign public private simple purple orange golden cruel loyal annoyed pointed""".split()
VERBS = """found watched bought carried painted moved lost reached cleaned described showed wanted brought opened left chose checked touched kept
sold pulled noticed finished shared wrapped pushed enjoyed destroyed measured borrowed dropped guarded avoided washed knew saw heard felt caught
taught threw drew wore tore shook took told held built sent gave forgave wrote drove hid hit cut shut read led fed met judged changed joined
""".split()
ADVERBS = """quickly slowly never always again today yesterday soon there here outside usually hardly perhaps nearly together loudly quietly once
twice badly well early tomorrow carefully suddenly""".split()
PREPOSITIONS = "near in behind at under before after by beyond above across inside with without for from around against through over".split()
NAMES = """Anna George Sarah Thomas Julia Charles Ruth Joyce Roy Paul Mary Peter Laura Hugh Fiona Jason Zoe Edith Victor Yvonne Owen Ian Claire
Rachel Matthew""".split()
WORDS = {"N": NOUNS, "A": ADJECTIVES, "V": VERBS, "D": ADVERBS, "P": PREPOSITIONS, "M": NAMES}
FORMS = """the A N V the N|M V a A N|P the N the N V it D|the N was D A|M and M V the A N|D the A N V M|they V my N P the A N|that N is A and A
our N V the N P a N|is the A N D P your N|M D V his N P the N|some A N V her""".replace("\n", "|").split("|")


def main():
    rng = random.Random(1)
    sentences = {}
    while len(sentences) < MOST:
        form = rng.choice(FORMS).split()
        sentences[" ".join(rng.choice(WORDS[word]) if word in WORDS else word for word in form)] = None
    with open("sentences.txt", "w", encoding="utf-8") as out:
        out.writelines(sentence + "\n" for sentence in sentences)


main()
