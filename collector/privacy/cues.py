# ruff: noqa: E501 - a pattern or a list of words cut into lines is harder to read and to compare.
"""The words that announce a person, and those that announce anything but."""

STRONG = """
avocat me; avocate me; notaire me; huissier me; avocat maitre; avocate maitre; notaire maitre; mon nom c; nom c; mon prenom c; prenom c; je mapel; je mapelle; je mappel; j mapel; jmapel; je m apel; je m apelle; sapel; sapelle; s apelle; s apel; je m appel; bonjour c; bjr c; slt c; salut c; coucou c; allo c; moi c; je m appelle; je mappelle; jm appelle; jmappelle; je me nomme; m appelle; mappelle; s appelle; sappelle; s appelait; se nomme; nous nous appelons; t appelle; se prenomme; prenomme; prenommee; nomme; nommee; denomme; denommee; appele; appelee
mon nom est; mon nom c est; nom est; mon nom de famille est; mon prenom est; mon prenom c est; prenom est; prenom c est; mon petit nom c est; nom complet; mon nom complet est; le nom est; nom exact est; nom correct est; prenom correct est; au nom de; aux noms de; a nos deux noms; noms de; noms; pour le compte de
nom; prenom; prenoms; nom de famille; nom de jeune fille; nom de naissance; nom d usage; nom d epouse; nom marital; nom et prenom; nom prenom; prenom nom; nom prenoms; prenom et nom; nom de l enfant; nom du titulaire; titulaire; titulaires; signe; signee; signataire; interesse; interessee; demandeur; demandeuse; beneficiaire; declarant; expediteur; destinataire; a l attention de; l attention de; attn; a l attn de; alias
nee; epouse; ep; veuve; vve; divorcee; famille; consorts; heritiers; succession; moi c est; moi cest; mwa se; c est moi; ici; usager; allocataire; assure; assuree; patient; patiente; proprietaire; locataire; vendeur; acheteur; acquereur; acquereuse; cotitulaire; co titulaire; mandataire; tuteur de; tutrice de; curateur de; curatrice de; maman de; papa de; mere de; pere de; parent de; parents de; fils de; fille de; femme de; mari de; epouse de; veuve de; soeur de; frere de; conjoint de; conjointe de; mamie de; papi de; aidant de; aidante de; signe par; ecrit par; recu par; recue par; traite par; suivi par; suivie par; accueilli par; accueillie par; conseille par; prenom d usage
my name is; name is; my name s; the name is; i m called; called; named; name; surname; first name; last name; full name; regards; sincerely; signed; mi nombre es; me llamo; nombre; apellido; apellidos; se llama; mi hijo; mi hija; mi marido; mi mujer; mi esposo; mi esposa; meu nome e; chamo me; me chamo; chama se; meu marido; minha mulher; minha filha; meu filho; minha esposa; mi chiamo; il mio nome e; mio marito; mia moglie; ich heisse; ich heise; mein name ist; adim; benim adim; ismim; ma numesc; numele meu este; numele meu; nazywam sie; mam na imie; jmenuji se; zovem se
smiti; ana smiti; smiyti; ismi; esmi; ana ismi; smito; smitha; smitou; isem iw; ism inu; asmiya; mene zvut; menya zovut; moye imya; non mwen se; non mwen; mwen rele; mwen se; mi apel; mon nom se; mi lé; mi apelle; jina langu ni; mon anv zo; mon anv; ma ev; me a zo; ma anv a zo; nire izena; izena; mi nom
мене звати; меня зовут; моє ім'я; мое имя; имя; я; اسمي; إسمي; انا; أنا; السيد; السيدة; ابني; ابنتي; زوجي; زوجتي; 我叫; 我是; 姓名; mein mann; meine frau; mein sohn; meine tochter; mon conjoint est; mon interlocuteur etait; mon interlocutrice etait
"""
TITLE_WORDS = "m mr mm mme mmes mlle mlles mle mselle monsieur messieurs madame mesdames mademoiselle dr docteur doc docteure me maitre pr prof professeur veuve vve mrs ms miss mister sir senor senora sr sra dra don dona senhor senhora dona signor signora herr frau sidi lalla hadj el-hadj cheikh pere soeur frere abbe tonton tata tatie tati mamie papi papy mami mme. lieutenant capitaine commandant adjudant adjudante major brigadier brigadiere caporal sergent sergente marechale colonel general".split()
SOFT_TITLES = frozenset(
    "pere soeur frere abbe tonton tata tatie tati mamie papi papy mami major general don veuve me pr prof doc cheikh capitaine sir colonel m sr dona maitre professeur frau miss mister commandant lieutenant sergent".split()
)
KIN = frozenset(
    """fils fille filles garcon garcons mari femme epoux epouse conjoint conjointe compagnon compagne concubin concubine copain copine pere mere papa maman parents frere freres soeur soeurs
    oncle tante cousin cousine neveu niece grand-mere grand-pere mamie papi papy mamy beau-pere belle-mere beau-fils belle-fille beau-frere belle-soeur gendre bru parrain marraine filleul filleule
    voisin voisine voisins ami amie amis amies bebe bb enfant enfants petit petite petits jumeau jumelle jumeaux jumelles aine ainee cadet cadette benjamin benjamine nourrisson eleve fiston bru pupille protege protegee majeur defunt defunte feu feue
    pacse pacsee partenaire ex collegue bailleur employeur patron patronne locataire proprietaire nounou assmat assistante associe associee salarie salariee apprenti apprentie stagiaire client cliente patient patiente resident residente
    son daughter husband wife mother father brother sister kid child boy girl friend hijo hija marido esposo esposa hermano hermana madre padre filho filha mulher irmao irma mae pai figlio figlia marito moglie weld bent rajli mrati khouya khti mama baba walid bnti wldi
    marmay zenfan tifi tigason madanm mouche msieu meri fanm manman ti-moun pitit
    """.split()
)
ROLES = frozenset(
    """conseiller conseillere conseilleres agent agente agents employe employee employes technicien technicienne gestionnaire inspecteur inspectrice controleur controleuse gendarme policier policiere brigadier adjudant adjudante
    facteur factrice medecin docteur docteure infirmier infirmiere avocat avocate notaire huissier huissiere juge magistrat greffier greffiere procureur secretaire directeur directrice chef cheffe responsable referent referente instructeur instructrice
    hotesse standardiste operateur operatrice interlocuteur interlocutrice charge chargee assistant assistante sociale social educateur educatrice mediateur mediatrice animateur animatrice benevole formateur formatrice professeur prof maitresse maitre instituteur institutrice
    dentiste pediatre psychiatre psychologue kine pharmacien pharmacienne gynecologue cardiologue ophtalmo orthophoniste sage-femme tuteur tutrice curateur curatrice mandataire delegue deleguee officier comptable expert experte moniteur monitrice auto-ecole ecrivain
    adjoint adjointe maire elue elu prefet prefete depute deputee guichetiere guichetier receptionniste personne dame monsieur nommee nomme certain certaine dénommé denomme traitant traitante collaborateur collaboratrice accompagnatrice accompagnateur interprete traducteur traductrice
    officer clerk agent lawyer doctor nurse teacher caseworker advisor adviser lady gentleman abogado doctora advogado funcionaria dossier compte
    """.split()
)
WEAK = """
je suis; j suis; jsuis; je sui; jsui; chui; c est; cest; moi; et moi; merci a; merci; merci beaucoup; un grand merci a; grand merci a; remercie; remercier; remerciements a; bravo a; bravo; felicitations a; pour; avec; chez; par; de la part de; part de; contre; bonjour; bonsoir; cher; chere; salut; coucou; slt; hello; hi; hey; dear; hola; ola; salam; appeler; rappeler; joindre; contacter; demander; demandez; voir; adresser a; adressez; envoyer a; parler a; parle a; parle avec; eu; j ai eu; vu; rencontre; quitte; titulaire est; au nom; dossier; le dossier; dossier de; demande de; compte de; carte de; permis de; passeport de; acte de; naissance de; deces de; nom de; cas de; situation de; courrier de; mail de; retraite de; pension de; signature de; inscription de; identite de; bebe; lettre de; reponse de; message de; ex; i am; i m; im; and i; thanks to; with; soy; sou; sou o; sou a; sono; ana; mwen; mi; benim; ich bin; signe; cordialement; cdt; cdlt; bien cordialement; salutations; bises; amicalement; respectueusement; sincerement; bien a vous; best regards; kind regards; saludos; obrigado; obrigada; gracias; atenciosamente; cumprimentos; mfg; hochachtungsvoll; saluti; et; ou; que; qu; entre; selon; d apres; d; de; a; dit; dixit; sieur; dame; collegue; sauf; dont; grace a; veut; remplace; remplacer; prenom; declare; remplacez; remplacer; ecrit; ecrite; ecrivez; orthographe; orthographie; orthographiee; epelle; designe; mandate; autorise; donne procuration a; procuration a; garde de; naissance
"""
# After these, a capital is an organisation, a place or a thing named after someone.
HEADS = frozenset(
    """rue avenue av boulevard bd bld place pl chemin impasse allee allees quai square passage route cours cour faubourg rond esplanade promenade pont parc jardin stade gymnase piscine tour villa cite residence immeuble
    quartier lotissement hameau lycee lycees college colleges ecole ecoles groupe maternelle universite universites fac faculte campus institut iut cfa creche hopital hopitaux clinique chu chr ch ehpad centre maison espace foyer fondation association asso federation batiment aile amphi amphitheatre
    syndicat parti musee theatre cinema bibliotheque mediatheque salle salles auditorium palais chateau fort caserne base camp prison gare station metro aeroport port arret terminal ligne train ville village commune mairie prefecture
    sous-prefecture canton departement region tribunal cour cabinet etude pharmacie boulangerie garage magasin restaurant hotel societe entreprise groupe banque cooperative mutuelle assurance caisse agence laboratoire labo marque modele
    circulaire motion proposition commission loi lois amendement rapport decret ordonnance prix coupe trophee medaille syndrome maladie loi plan dispositif accord accords traite arret jurisprudence theoreme methode echelle test effet programme projet livre film roman chanson serie affaire
    voiture vehicule renault peugeot citroen fiat ford opel toyota dacia volkswagen audi bmw mercedes clio twingo navigateur logiciel application appli site serveur windows android samsung apple microsoft google adobe
    saint sainte st ste san santa saints cap ile iles mont montagne val vallee lac pointe baie plage col pic massif foret bois foret cote golfe mer ocean fleuve riviere canal barrage
    cathedrale eglise chapelle basilique abbaye mosquee synagogue temple paroisse cimetiere monument statue statut vaccin bac radio chaine journal magazine emission operation mission sarl sas eurl sci sa ets etablissements transports taxi ambulances auto-ecole
    tracteur moissonneuse poele chaudiere insert imprimante scanner scooter moto quad tablette onduleur
    auberge relais chalet gite refuge cadastre resto bar cafe brasserie boutique marche supermarche robot chatbot bot avatar tempete cyclone ouragan logiciel outil tournoi avril mai juin street road avenue school hospital calle""".split()
)
JOINERS = frozenset(
    "de du des la le les l d et en sur saint sainte abbe docteur general marechal president capitaine colonel commandant dr professeur amiral cardinal pere soeur".split()
)
PARTICLES = frozenset(
    "de du des la le les l d el al ben bin bint ibn ould ait aït abd abdel abdou abou abu bou van von vande vander der den dem da do dos das di della del dal mac mc o y e n m st saint sainte ap ter zu oulad beni sidi ag mint thi".split()
)
# Never part of a name when it is not hyphenated to one.
STOP = frozenset(
    """mein meine mann frau sohn tochter ich bin herr iban ibans rib bic je tu il elle on nous vous ils elles me te se le la les un une des du de d l et ou mais donc or ni car que qui quoi dont ou ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs y en a au aux ai as avons avez ont est es suis sommes etes sont ete etait etaient sera seront serait avait avais aurait
    ne pas plus jamais rien tout tous toute toutes tres trop peu bien mal si oui non pour par sur sous dans avec sans chez vers entre depuis pendant apres avant comme quand alors ainsi aussi encore deja toujours puis ensuite enfin car lors apres voici voila bonjour bonsoir merci cordialement madame monsieur mademoiselle mme mr mlle mesdames messieurs
    svp stp salut slt bjr bsr cc cdt cdlt merci bravo attention urgent help aide nul ras ok okay lol mdr ptdr jai jsuis sui pa resu ke ki koi kel kan kom tro tjr tjrs pk pkoi pq pr ds dc bcp mtn rdv tel mail email adresse numero num nom prenom date lieu objet re fwd ps nb ref dossier carte service site demande compte impossible pouvez
    pourriez veuillez voulez svp suite concernant objet cher chere chers quel quelle quels quelles lequel laquelle pourquoi comment combien ou cela ceci ca c j m t s n qu jusqu lorsqu puisqu quelqu aujourd hui hier demain maintenant janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche
    the a an and or of to in on at is are was my your his her our their this that it he she we you they i not no yes please thanks thank hello hi dear for with from el los las una uno y que por favor hola gracias mi su com os as um uma meu minha bom boa dia ola obrigado obrigada signe ne nee nes nees ici la-bas moi toi lui eux soi
    france francais francaise francaises internet web euro euros eur an ans mois jour jours semaine semaines heure heures fois premier premiere deuxieme etape page onglet bouton photo formulaire prefecture mairie agence bureau guichet accueil ministere etat administration personne quelqu aucun aucune chaque plusieurs certains certaines autre autres meme memes seul seule vraiment
    bghit fin wsel dyali dyal n3ref chokran bzaf salam wach kifach hna mazal daba mwen pou nou zot nout lé ek
    c'est cest jattends jattend javais jarrive jaimerais jvoudrais jpeux jcomprend kelkun qqn qqun qqch dsl desole desolee bonne bon journee soiree excellente cordiale salutations distinguees respectueuses respectueusement sincerement bises bisous amicalement attente reponse avance
    """.split()
)
# Functions and persons everybody knows: "Monsieur le Préfet", "Mme Michu", "Père Noël".
NOBODY = frozenset(
    """prefet prefete maire ministre president presidente directeur directrice juge procureur procureure depute deputee senateur senatrice mediateur mediatrice conseiller conseillere agent commissaire inspecteur responsable chef cheffe secretaire receveur percepteur tresorier
    michu dupont-durand lambda tartempion untel unetelle machin truc bidule trucmuche x y z personne quelqu toutlemonde noel fouettard fouras ubu jourdain bovary macron hollande sarkozy chirac mitterrand attal barnier bayrou castex darmanin lecornu
    hidalgo le pen melenchon zemmour veran blanquer retailleau dati dussopt panot vautrin montchalin crésus cresus kafka orwell courteline charlie hulot propre bricolage meteo patate muscle loyal cloud google internet web ordinateur robot
    client usager citoyen contribuable voisin tout bonjour bonsoir svp merci et ou qui que est sont etait ont avez vous nous je il elle on le la les du de des un une a au mesdames messieurs monsieur madame mademoiselle
    fonctionnaire retraite etudiant handicape desole desolee content contente satisfait satisfaite""".split()
)


FIXED = frozenset(
    {
        ("marine", "nationale"),
        ("marine", "marchande"),
        ("pierre", "fabre"),
        ("marie", "curie"),
        ("jules", "verne"),
        ("victor", "hugo"),
        ("paul", "ni"),
        ("pierre", "paul"),
        ("jean", "moulin"),
        ("louis", "xiv"),
        ("ray", "id"),
        ("pro", "max"),
        ("petit", "robert"),
        ("leroy", "merlin"),
        ("roland", "garros"),
        ("saint", "exupery"),
        ("yves", "rocher"),
        ("yves", "laurent"),
        ("louis", "vuitton"),
        ("jeanne", "arc"),
        ("charles", "gaulle"),
        ("marie", "claire"),
        ("galaxy", "max"),
        ("plus", "max"),
        ("crit", "air"),
        ("don", "quichotte"),
        ("robinson", "crusoe"),
        ("sherlock", "holmes"),
        ("james", "bond"),
        ("mickey", "mouse"),
        ("tom", "tom"),
        ("ave", "maria"),
        ("uncle", "sam"),
        ("oncle", "sam"),
        ("big", "brother"),
        ("sainte", "nitouche"),
        ("martin", "pecheur"),
        ("saint", "thomas"),
        ("saint", "glinglin"),
        ("jean", "passe"),
        ("jean", "foutre"),
        ("tresor", "public"),
        ("tresor", "publique"),
        ("carte", "vitale"),
        ("prim", "holstein"),
        ("massey", "ferguson"),
        ("crepe", "suzette"),
        ("crepes", "suzette"),
        ("poire", "williams"),
        ("poires", "williams"),
        ("reine", "claude"),
        ("reines", "claude"),
        ("peche", "melba"),
        ("marie", "galante"),
        ("sidi", "bel"),
        ("fil", "ariane"),
        ("talon", "achille"),
        ("arche", "noe"),
        ("pomme", "adam"),
        ("toile", "penelope"),
        ("jambe", "bois"),
        ("cheval", "troie"),
        ("don", "juan"),
        ("jean", "bouchon"),
        ("marie", "antoinette"),
        ("louis", "philippe"),
        ("bison", "fute"),
        ("dr", "house"),
        ("gaston", "lagaffe"),
        ("black", "jack"),
    }
)
# What only a person does: "Pierre m'a aidé".
ACTS = frozenset((a, b) for a in ("m", "nous", "vous", "me") for b in ("a", "avait", "ont", "est")) | {
    ("a", "ete"),
    ("est", "tres"),
    ("ne", "peut"),
    ("est", "a"),
    ("s", "est"),
    ("n", "a"),
    ("a", "son"),
    ("a", "recu"),
    ("doit", "me"),
    ("au", "guichet"),
    ("au", "telephone"),
    ("au", "tel"),
    ("du", "guichet"),
    ("attend", "sa"),
    ("attend", "son"),
}
# Names in capitals, words of Creole or Arabic otherwise.
SMALL_WORDS = frozenset("ana li mi ka te sou dan pa ou fe ti la lan ben sa ale ki nan ak".split())
ARABIC_TIES = frozenset("بن ابن بنت عبد أبو ابو أم ام آل بو ال".split())
ARABIC_STOP = frozenset(
    "السيد السيدة الآنسة الصحيح ينتظر تنتظر يريد تريد يحتاج وليس ليس اسم من في على إلى الى عن مع هذا هذه أنا انا لم لا ما لقد قد كان منذ و أو ثم رقم ورقم هاتفي هاتف وأنا وانا أريد اريد عندي لدي كيف متى لماذا شكرا سلام السلام عليكم مرحبا أسكن اسكن ساكن بطاقة الإقامة الملف ملفي طلب طلبي الموقع أرجو ارجو اسمي واسمي عمري مقيم مقيمة طالب طالبة متزوج متزوجة فرنسي فرنسية جزائري جزائرية مغربي مغربية تونسي تونسية موظف عامل مريض لاجئ لاجئة مواطن أم أب غاضب سعيد أنتظر انتظر أحاول احاول أطلب اطلب أبحث ابحث أعيش اعيش أعمل اعمل صعب صعبة سهل سهلة جدا بطيء بطيئة معقد معقدة واضح واضحة ممتاز ممتازة سيء سيئة جيد جيدة مفيد لكن أدرس ادرس أقيم اقيم أحتاج احتاج أواجه اواجه لدي تقدمت قدمت حاولت أرسلت ارسلت ولدت أملك املك وعندي ولم ولا وقد منتظر".split()
)
LABELS = frozenset(
    "nom prenom prenoms usager allocataire titulaire patient patiente proprietaire locataire demandeur beneficiaire ici famille signe epouse nee name nombre vendeur acheteur".split()
)
# Whom a name may follow without a word between them.
PEOPLE = (
    ROLES
    | KIN
    | frozenset(TITLE_WORDS)
    | frozenset(
        "etudiant etudiante eleve gerant gerante tiers indivision succession mariage marie mariee mariees divorce union interphone candidat candidate gendarmes policiers conseillers agents conducteur conductrice passager passagere temoin temoins".split()
    )
)
# Words of a language that gives all its nouns a capital.
GERMAN = frozenset(
    "ich und nicht das ist die der bitte aber auf mit fur ein eine hat wurde wird leider kein keine dass wie wir sie bin habe".split()
)
# First names that are also adjectives.
ADJECTIVES = frozenset("manuel manuelle germain germaine julien julienne".split())
# "Ni Pierre ni Paul", "Pierre, Paul ou Jacques": whoever it may be.
EVERYBODY = frozenset("pierre paul jacques".split())
MEANT = PEOPLE | frozenset("merci bravo remercie guichet accueil telephone appelle signe".split())
PUZZLING = ADJECTIVES | EVERYBODY
# What stands before "marie" when nobody is called so.
WEDDING = frozenset("se me te non celibataire couple etre sont etes jamais deja remarie personne enfant".split())
# Cars that are also first names, in a comment that speaks of cars.
CARS = frozenset("zoe clio megane mercedes".split())
MOTORING = frozenset(
    "renault peugeot voiture vehicule megane clio twingo electrique garage immatriculation grise".split()
)
SMALL_TITLES = frozenset("mme mlle mr monsieur madame dr prenom".split())


# Surnames so frequent, and so unlike a word or a slip, that they need no capital and nothing to announce them.
TELLING = frozenset(
    """fofana sangare doucoure sidibe bamba cissokho drame sacko tounkara niang sarr thiam balde barry jalloh kaba conde sako maiga bathily magassa soumare niakate tandia gassama yattara sow diarra dabo diakite kanoute koita nguyen huynh pham hoang diallo traore coulibaly konate kouyate keita sissoko dembele camara bangoura sylla ndiaye diouf diop gueye ndoye mbaye toure cisse doumbia kouassi kouame ouattara ouedraogo sawadogo zongo
    benali benhamou bouzid boukhalfa boumediene belkacem benkhaled benslimane bensaid hamidou haddad haddouche mansouri bouazza bouhired messaoudi cherif-benali ziani brahimi mebarki slimani bouchareb khelifi tahiri elidrissi alaoui bennani benjelloun ouazzani zerouali lahlou chraibi amrani belhaj trabelsi bouazizi
    dasilva fernandes rodrigues goncalves oliveira pereira ferreira carvalho gomes lopes marques teixeira garcia martinez rodriguez hernandez gonzalez gutierrez fernandez sanchez jimenez
    kowalski nowak wisniewski kaminski lewandowski popescu ionescu dumitrescu ivanova petrova shevchenko kovalenko yilmaz demirel yildirim ozturk
    dupont durand lefebvre lefevre fournier mercier dufour lecomte leclercq lemaitre lemoine meyer schmitt schneider muller klein-muller guillaumin rakotomalala randrianarisoa rakotoarisoa hoarau payet grondin lebihan kermarrec""".split()
)


def table(text: str, strength: int) -> dict[str, list[tuple[tuple[str, ...], int]]]:
    """Phrases by their last word, so that reading a word costs one look-up."""
    phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for phrase in text.replace("\n", ";").split(";"):
        words = tuple(phrase.replace("'", " ").split())
        if words:
            phrases.setdefault(words[-1], []).append((words, strength))
    return phrases
