"""What are people called? Names by community, most frequent first, and how else each is written."""

import bisect
import itertools
import unicodedata

# A community: its share of the population in per cent, women's, men's and family names.
# Lists are in order of frequency; the n-th is drawn about 1/(n+2) as often as the first.
COMMUNITIES = {
    "british": (58, """Susan Margaret Emma Sarah Karen Olivia Charlotte Patricia Amelia Julie Linda Rebecca Alison
        Elizabeth Catherine Hannah Lucy Jacqueline Sophie Deborah Victoria Christine Holly Georgia Abigail Dorothy
        Pamela Chloe Joanne Rosemary Gillian Samantha Heather Bethany Harriet Maureen Frances Beverley Imogen Tracey
        Eleanor Philippa Penelope Winifred Nicola Kimberley Florence Theresa May Grace Anne-Marie Sarah-Jane Mary-Ann
        Lesley Marjorie Cordelia Tabitha Isla Verity""",
        """David John Peter Michael James Paul Stephen Robert Andrew William Thomas Christopher Richard Daniel Mark
        Matthew Anthony George Jack Oliver Harry Edward Joseph Alexander Kenneth Brian Graham Benjamin Samuel Gary
        Nicholas Jonathan Simon Timothy Keith Trevor Derek Geoffrey Terence Barry Darren Gareth Ronald Frederick
        Douglas Neville Reginald Will Mark Dale Jean-Paul Rupert Clive Gerald Lawrence Hamish Rhys Ewan Jago
        Barnaby Digby""",
        """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts
        Green Hall Wood Jackson Clarke Hughes Edwards Harris Lewis Turner Hill Cooper Ward Moore Morris Baker King
        Harrison Morgan Allen James Scott Phillips Watson Davis Parker Bennett Young Price Griffiths Mitchell Cook
        Carter Richardson Bailey Collins Bell Shaw Miller Cox Marshall Webb Simpson Gray Chapman Ellis Foster Mills
        Palmer Hunt Rogers Stevens Knight Barker Fisher Lane Bishop Page Field Banks West Day Long Rose Snow Frost
        Bird Marsh March May Bank Church McDonald MacDonald McKenzie MacLeod McGregor McIntyre Campbell Stewart
        Fraser Sinclair Llewellyn Prosser Pugh Gwynne Featherstonehaugh"""),
    "irish": (6, """Mary Aoife Siobhán Niamh Bridget Ciara Sinéad Orla Róisín Gráinne Kathleen Maeve Deirdre Nuala""",
        """Patrick Seán Liam Conor Michael Brendan Ciarán Declan Eoin Fergus Padraig Dermot Cathal Oisín""",
        """Murphy O'Brien Kelly O'Sullivan Walsh O'Connor Byrne Ryan McCarthy Doyle O'Neill Gallagher Doherty Kennedy
        Lynch Quinn McLoughlin O'Reilly Brennan Fitzgerald McGrath O'Shaughnessy Ó Súilleabháin McGillicuddy"""
        .replace("Ó Súilleabháin", "Ó_Súilleabháin")),
    "south asian": (12, """Fatima Aisha Priya Ayesha Zainab Anjali Sunita Maryam Harpreet Nasreen Deepa Kavita Saima
        Rukhsana Manjit Shabnam Lakshmi Meera Nazia Jaspreet Farzana Pooja""",
        """Mohammed Ahmed Imran Ali Rajesh Muhammad Amit Hassan Gurpreet Sanjay Tariq Usman Vikram Bilal Arjun
        Kamran Harjit Shahid Anil Farooq Ravi Zubair""",
        """Patel Khan Singh Hussain Ahmed Kaur Ali Begum Shah Iqbal Mahmood Malik Sharma Akhtar Chaudhry Hussein Mistry
        Chowdhury Rahman Bhatti Desai Gill Raja Mehta Uddin Sandhu Iyer Banerjee Ghuman Venkataraman"""),
    "polish": (4, """Anna Katarzyna Agnieszka Małgorzata Joanna Magdalena Monika Ewa Aleksandra Zofia""",
        """Piotr Tomasz Paweł Krzysztof Michał Łukasz Marcin Andrzej Wojciech Grzegorz Stanisław""",
        """Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Dąbrowski Kozłowski
        Jabłoński Gołębiewski Brzęczyszczykiewicz"""),
    "nigerian": (3, """Ngozi Chioma Folake Adaeze Yetunde Blessing Funmilayo Ifeoma Temitope""",
        """Emeka Chukwudi Oluwaseun Babatunde Ikechukwu Tunde Obinna Segun Ayodele""",
        """Okafor Adeyemi Okonkwo Eze Balogun Adebayo Nwosu Ogunleye Afolabi Onyekachi Okechukwu-Obi"""),
    "chinese": (3, """Mei Wai-Ling Xiaoling Li-Na Siu-Fong Jing Hui Yan""",
        """Wei Kwok-Wai Ming Chi-Keung Jian Ka-Ho Bo Jun""",
        """Wong Chan Li Zhang Wang Chen Liu Lam Cheung Ng Yeung Leung Tang Ho"""),
    "arabic": (2, """Layla Noor Yasmin Hanan Samira Rania Amal""",
        """Omar Khaled Youssef Mahmoud Abdullah Tarek Abdul-Rahman Ziad""",
        """Al-Masri Hassan El-Sayed Haddad Al-Rashid Mansour Abdel-Fattah Khoury Saleh bin_Yusuf"""),
    "spanish": (2, """María Carmen Lucía Inés Pilar Sofía Ana-María""",
        """José Javier Francisco Alejandro Íñigo Andrés Joaquín""",
        """García_López Fernández_Ruiz Martínez Rodríguez_Peña Muñoz_Vidal Sánchez Ibáñez_Ortiz Núñez"""),
    "portuguese": (2, """Ana Beatriz Inês Conceição Joana Catarina""", """João António Nuno Gonçalo Rui Tiago""",
        """Silva Santos Ferreira_da_Costa dos_Santos Oliveira Simões Gonçalves da_Conceição Magalhães"""),
    "russian": (2, """Yelena Olga Tatyana Natalya Yekaterina Svetlana""",
        """Dmitry Sergey Aleksandr Vladimir Yevgeny Mikhail""",
        """Ivanov Petrov Kuznetsov Sokolov Volkov Shcherbakov Zhukovsky Yakovlev"""),
    "turkish": (2, """Ayşe Zeynep Gülşen Elif Özlem""", """Mehmet Mustafa Çağlar İsmail Ömer""",
        """Yılmaz Kaya Şahin Öztürk Çelik Doğan Güneş Aydın"""),
    "greek": (1, """Eleni Maria Despina Vasiliki""", """Georgios Nikolaos Ioannis Panagiotis""",
        """Papadopoulos Georgiou Ioannidis Christodoulou Hadjigeorgiou"""),
    "vietnamese": (1, """Thị_Lan Hương Ngọc_Anh Phương""", """Văn_Hùng Minh Đức Quang_Dũng""",
        """Nguyễn Trần Lê Phạm Hoàng Đặng"""),
    "european": (2, """Zoë Astrid Françoise Søgni Birgitte Chloé""".replace("Søgni", "Sølvi"),
        """Jürgen François Bjørn Dirk Jiří Matthias""",
        """Müller van_der_Berg Sørensen de_la_Fontaine von_Ahlefeldt Dvořák Lefèvre van_'t_Hoff Schröder Novák
        Åkesson Groß"""),
}

# Families that are rare: a place's name, as English families often have it.
RARE_FRONT = """Hark Wolver Thistle Ember Brack Cros Dun Elver Fen Gars Hather Ingle Kel Lang Mar Nether Ox Pender Quar
    Raven Scar Thorn Ulver Wick Yar Ash Bel Cold Dray Eller Fother Grim Holm Ivel Kirk Lind Mickle Nor Os Pick Roth
    Skel Tad Under Whit Wyke Amble Brock Chel Dever Eag Farn Gold Hazel Isling Jar Keigh Lox Mel""".split()
RARE_BACK = """stead ley thwaite combe by field gate ham well worth more den hurst wick burn ster side cott ridge stow
    low sett bourne holme dale beck shaw brough""".split()

NICKNAMES = {
    "Susan": "Sue Suzie", "Margaret": "Maggie Peggy Meg", "Sarah": "Sally", "Patricia": "Pat Trish", "Amelia": "Millie",
    "Rebecca": "Becky Bex", "Elizabeth": "Liz Beth Betty Libby", "Catherine": "Kate Cathy", "Jacqueline": "Jackie",
    "Deborah": "Debbie Debs", "Victoria": "Vicky Tori", "Christine": "Chris Chrissie", "Abigail": "Abi",
    "Dorothy": "Dot Dolly", "Pamela": "Pam", "Joanne": "Jo", "Gillian": "Gill", "Samantha": "Sam", "Bethany": "Beth",
    "Harriet": "Hattie", "Maureen": "Mo", "Frances": "Fran", "Beverley": "Bev", "Imogen": "Immy", "Eleanor": "Ellie Nell",
    "Philippa": "Pippa", "Penelope": "Penny", "Winifred": "Win Freda", "Nicola": "Nicky", "Kimberley": "Kim",
    "Florence": "Flo", "Theresa": "Terri", "David": "Dave", "John": "Johnny Jack", "Peter": "Pete", "Michael": "Mike Mick",
    "James": "Jim Jimmy", "Stephen": "Steve", "Robert": "Rob Bob Bobby", "Andrew": "Andy Drew", "William": "Bill Billy Liam",
    "Thomas": "Tom Tommy", "Christopher": "Chris Kit", "Richard": "Dick Rick Richie", "Daniel": "Dan Danny",
    "Matthew": "Matt", "Anthony": "Tony", "Oliver": "Ollie", "Edward": "Ed Ted Eddie", "Joseph": "Joe",
    "Alexander": "Alex Sandy", "Kenneth": "Ken", "Benjamin": "Ben", "Samuel": "Sam", "Gary": "Gaz", "Nicholas": "Nick",
    "Jonathan": "Jon Jonny", "Timothy": "Tim", "Trevor": "Trev", "Geoffrey": "Geoff", "Terence": "Terry", "Barry": "Baz",
    "Darren": "Daz", "Gareth": "Gaz Gar", "Ronald": "Ron Ronnie", "Frederick": "Fred", "Douglas": "Doug",
    "Reginald": "Reg", "Gerald": "Gerry", "Lawrence": "Larry Laurie", "Bridget": "Biddy Bridie", "Kathleen": "Kath",
    "Patrick": "Paddy Pat", "Padraig": "Podge", "Mohammed": "Mo", "Muhammad": "Mo", "Harpreet": "Harps",
    "Katarzyna": "Kasia", "Agnieszka": "Aga", "Małgorzata": "Gosia", "Joanna": "Asia", "Magdalena": "Magda",
    "Aleksandra": "Ola", "Tomasz": "Tomek", "Krzysztof": "Krzysiek Kris", "Andrzej": "Andy", "Wojciech": "Wojtek",
    "Oluwaseun": "Seun", "Babatunde": "Tunde", "Funmilayo": "Funmi", "Temitope": "Temi", "José": "Pepe",
    "Francisco": "Paco", "Yelena": "Lena", "Tatyana": "Tanya", "Yekaterina": "Katya", "Dmitry": "Dima",
    "Aleksandr": "Sasha", "Vladimir": "Vova", "Mikhail": "Misha", "Georgios": "George", "Nikolaos": "Nikos",
    "Ioannis": "Yannis", "Panagiotis": "Takis", "Catarina": "Cati", "Grace": "Gracie",
}

# The same name in another spelling or script.
SPELLINGS = {
    "Mohammed": "Muhammad Mohamed Mohammad Md", "Muhammad": "Mohammed Muhammed", "Ahmed": "Ahmad", "Aisha": "Ayesha",
    "Ayesha": "Aisha", "Hussain": "Husain Hussein", "Hussein": "Hussain", "Chaudhry": "Choudhary Chaudhary",
    "Chowdhury": "Choudhury", "Mahmood": "Mehmood", "Yelena": "Elena Елена", "Dmitry": "Dmitri Дмитрий",
    "Sergey": "Sergei", "Tatyana": "Tatiana", "Yevgeny": "Evgeny Evgenii", "Natalya": "Natalia", "Yekaterina": "Ekaterina",
    "Aleksandr": "Alexander Александр", "Kuznetsov": "Kuznecov Кузнецов", "Ivanov": "Иванов", "Petrov": "Петров",
    "Sokolov": "Соколов", "Volkov": "Волков", "Shcherbakov": "Scherbakov", "Youssef": "Yusuf Yousef", "Khaled": "Khalid",
    "Layla": "Leila", "Al-Masri": "Almasri El-Masri", "El-Sayed": "Elsayed Al-Sayed", "Al-Rashid": "Alrashid Al Rasheed",
    "Abdel-Fattah": "Abdelfattah", "Tarek": "Tariq", "Georgios": "Giorgos Γεώργιος", "Papadopoulos": "Παπαδόπουλος",
    "Panagiotis": "Panayiotis", "Müller": "Mueller Muller", "Jürgen": "Juergen", "Schröder": "Schroeder", "Groß": "Gross",
    "Sørensen": "Sorensen Soerensen", "Bjørn": "Bjorn Bjoern", "Åkesson": "Aakesson Akesson", "Zhang": "Chang",
    "Yeung": "Yang", "Siobhán": "Siobhan", "Seán": "Sean", "Okafor": "Okafo", "MacDonald": "McDonald",
    "McDonald": "MacDonald Macdonald", "MacLeod": "McLeod", "McKenzie": "MacKenzie", "McIntyre": "MacIntyre",
    "Wiśniewski": "Wisniewski", "Öztürk": "Oeztuerk Ozturk", "Nguyễn": "Nguyen", "Trần": "Tran", "Đặng": "Dang",
}

TOWNS = [("Harrowgate Cross", "HG"), ("Marlbeck", "LS"), ("Saltholme", "TS"), ("Wynford", "BD"), ("Eastmoor", "S"),
         ("Castle Denby", "HX"), ("Brigthorpe", "HD"), ("Nethershaw", "WF"), ("Oakhampton", "YO"), ("Dunmere", "DL")]
STREETS = """Mill Lane,Station Road,Church Street,Park Avenue,Victoria Road,Green Lane,Albert Terrace,Queens Road,
    Hawthorn Close,Meadow View,King Street,Beech Grove,Cemetery Road,Rydal Drive,Tennyson Court,Sycamore Way,
    Canal Row,Chapel Hill,Windsor Crescent,Primrose Gardens,Bridge Street,Moorside,Elm Walk,Foundry Yard""".replace("\n", "")
STREETS = [street.strip() for street in STREETS.split(",")]
MAIL_HOSTS = ["webpost.example", "quickmail.example", "inbox.example", "homenet.example", "mailbox.example", "tele.example"]


def fold(text):
    """Lower case without accents: what a careful person would type into a search box."""
    text = text.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O").replace("đ", "d")
    text = text.replace("Đ", "D").replace("ß", "ss").replace("ı", "i")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


def plain(text):
    """The same word with its capitals, but no accents."""
    text = text.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O").replace("đ", "d")
    text = text.replace("Đ", "D").replace("ß", "ss").replace("ı", "i")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


class Drawn:
    """Draws from a list, the first most often."""

    def __init__(self, names):
        self.names = [name.replace("_", " ") for name in names.split()]
        self.upto = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(self.names))))

    def draw(self, dice):
        return self.names[bisect.bisect(self.upto, dice.random() * self.upto[-1])]


LISTS = {
    name: (share, Drawn(women), Drawn(men), Drawn(family)) for name, (share, women, men, family) in COMMUNITIES.items()
}


def community(dice):
    return dice.choices(list(LISTS), [entry[0] for entry in LISTS.values()])[0]


def given(dice, where, is_woman):
    return LISTS[where][1 if is_woman else 2].draw(dice)


def family(dice, where):
    # A third of the British families are ones of which there are hardly two.
    if where == "british" and dice.random() < 0.34:
        return dice.choice(RARE_FRONT) + dice.choice(RARE_BACK)
    return LISTS[where][3].draw(dice)


def gendered(surname, where, is_woman):
    """Polish and Russian families have a form for women."""
    if not is_woman:
        return surname
    if where == "polish" and surname.endswith("ski"):
        return surname[:-1] + "a"
    if where == "russian":
        return surname[:-1] + "aya" if surname.endswith("sky") else surname + "a"
    return surname
