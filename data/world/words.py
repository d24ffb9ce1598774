"""What things are called: companies, titles, products, and what people write into free-text fields."""


def listed(text: str, separator: str = " ") -> list[str]:
    """Split a list that is written as one text, which keeps it short on the page."""
    return text.split(separator)


COMPANY_FIRST = listed(
    "Blue North Silver Summit Iron Golden Bright Clear Cedar Maple Oak Pine River Lake Harbor Granite "
    "Copper Amber Coral Crystal Eagle Falcon Heron Osprey Raven Sparrow Fox Wolf Bear Elk Stag Red Green "
    "White Gray Indigo Violet Scarlet Crimson Azure Cobalt Ember Flint Frost Glacier Haven High Hill "
    "Juniper Keystone Laurel Liberty Lunar Meadow Mesa Mill Mist Moss Nova Orchard Pacific Atlantic "
    "Prairie Quarry Ridge Rose Sable Sage Salt Sand Solar Spring Star Sterling Still Stone Storm Strong "
    "Sun Swift Thistle Thorn Tide Timber True Twin Union Valley Vista Water West East South Wild Willow "
    "Wind Winter Wood Wren Yarrow Zenith Alder Anchor Arbor Arrow Aspen Beacon Birch Boulder Bramble "
    "Canyon Cascade Castle Chestnut Cinder Cliff"
)

COMPANY_SECOND = listed(
    "bridge field line gate point view crest ford haven land mark path port reach ridge run shore side "
    "spring stead stone vale ville wall ward way well wick wood works yard peak brook bay cove dale den "
    "fall glen grove hall ham hollow hurst keep lane leaf lock loft mead mere mill mont moor mount pass "
    "pond rise road root row sail shire song spire spur star stream tide top tower trail tree turn wave "
    "wheel wind wing worth beam berg born bend burn cliff crown dock fern fork guard helm hold hook horn"
)

COMPANY_KINDS = (
    ("Software", "Technology"),
    ("Systems", "Technology"),
    ("Technologies", "Technology"),
    ("Data", "Technology"),
    ("Manufacturing", "Manufacturing"),
    ("Industries", "Manufacturing"),
    ("Fabrication", "Manufacturing"),
    ("Components", "Manufacturing"),
    ("Logistics", "Transportation"),
    ("Freight", "Transportation"),
    ("Health", "Healthcare"),
    ("Medical Group", "Healthcare"),
    ("Clinics", "Healthcare"),
    ("Insurance", "Insurance"),
    ("Financial", "Finance"),
    ("Capital", "Finance"),
    ("Bank", "Banking"),
    ("Foods", "Food & Beverage"),
    ("Retail Group", "Retail"),
    ("Outfitters", "Retail"),
    ("Energy", "Energy"),
    ("Construction", "Construction"),
    ("Builders", "Construction"),
    ("Consulting", "Consulting"),
    ("Partners", "Consulting"),
    ("Media", "Media"),
    ("Education", "Education"),
    ("Hospitality", "Hospitality"),
    ("Properties", "Real Estate"),
    ("Biosciences", "Biotechnology"),
)

COMPANY_PARTS = ("West division", "East division", "Field services", "Second site", "International", "Corporate")
"""The parts of a large customer that buy for themselves."""

TITLES = (
    # those who decide
    listed(
        "CEO|Chief Executive Officer|CFO|Chief Financial Officer|COO|CIO|CTO|CMO|"
        "Chief Revenue Officer|Owner|President|Founder|Managing Director|VP Sales|VP, Sales|"
        "VP of Marketing|VP Operations|VP Finance|Vice President, Operations|SVP Customer Success|"
        "Director of Operations|Director of Sales|Director, Marketing|Director of IT|"
        "Director of Procurement|Head of Revenue Operations|Head of Finance|Sales Director|cfo|"
        "VP OPERATIONS|director of sales",
        "|",
    ),
    # those who evaluate and advise
    listed(
        "Sales Manager|Marketing Manager|IT Manager|Operations Manager|Procurement Manager|"
        "Product Manager|Revenue Operations Manager|Senior Manager, Finance|Regional Sales Manager|"
        "Program Manager|Customer Success Manager|Business Development Manager|"
        "Demand Generation Manager|Controller|it manager|Marketing manager",
        "|",
    ),
    # those who would use it
    listed(
        "Analyst|Business Analyst|Financial Analyst|Sales Operations Analyst|Marketing Specialist|"
        "Sales Coordinator|Systems Administrator|Software Engineer|Account Executive|Consultant|"
        "Accountant|Data Analyst|Project Coordinator|Buyer|analyst",
        "|",
    ),
    # those who only read
    listed(
        "Intern|Marketing Intern|Student|Graduate Student|Administrative Assistant|"
        "Office Assistant|Research Assistant|Executive Assistant|Librarian|intern",
        "|",
    ),
    # those who do not say
    ("",),
)
"""Titles by how much their bearers decide: see `people.LEVELS`."""

PRODUCTS = (
    ("Pipeline Insights", "PLI-100", "Platform", 45),
    ("Forecast Studio", "FCS-200", "Platform", 70),
    ("Campaign Compass", "CMC-300", "Platform", 55),
    ("Route Planner", "RTP-400", "Platform", 35),
    ("Data Connect", "DCN-500", "Integration", 120),
    ("Mobile Add-on", "MOB-150", "Add-on", 12),
    ("Premium Support", "SUP-900", "Services", 0),
    ("Onboarding Package", "ONB-910", "Services", 0),
    ("Annual Platform Fee", "FEE-001", "Platform", 0),
)
"""Name, code, family, list price of one unit; a price of nought is set for each deal."""

REJECTION_REASONS = (
    "No response",
    "Not a fit",
    "Wrong contact",
    "No budget",
    "Duplicate",
    "Bad contact data",
    "Already in contact",
    "",
)

LOSS_REASONS = (
    "No decision",
    "Price",
    "Lost to competitor",
    "No budget",
    "Timing",
    "Missing functionality",
    "Lost contact",
    "",
)

NEXT_STEPS = (
    "Send revised proposal",
    "Follow up with CFO, budget review",
    "Schedule demo",
    "Waiting on legal",
    "Call back Tuesday",
    "Security questionnaire",
    "Confirm scope with IT",
    "Send references",
    "Get champion to intro economic buyer",
    "Pricing call",
)

DESCRIPTIONS = (
    'Inbound after the webinar.\nThey said: "we need this before year end".\nBudget not confirmed, yet.',
    "Replaces spreadsheets, 3 teams involved; IT wants SSO, audit log, and a sandbox.",
    "Met at the booth. Asked for pricing, references, and a security review.\n\nFollow up in 2 weeks.",
    'Competes with in-house build, "good enough" according to their ops lead.',
    "Two sites now, four next year. Wants multi-year pricing, 10% off.",
    "Renewal plus 5 seats; procurement wants net 60.",
    "Champion: operations lead. Economic buyer: CFO (not met).\nRisk: hiring freeze, Q3 budget cut.",
    'Notes from call:\n- pain: manual forecasts\n- timeline: this quarter\n- "price is fine with onboarding"',
)

CALL_SUBJECTS = (
    "Call",
    "Call: intro",
    "Call - follow up",
    "Call re: pricing",
    "Check-in call",
    "call",
)
EMAIL_SUBJECTS = (
    "Email: Following up",
    "Email: Intro and next steps",
    "Email: Proposal",
    "Email: Re: your question",
    "Email: Quick question",
    "Email: Case study you asked for",
    "Email: Meeting recap",
)
OTHER_SUBJECTS = (
    "Send contract",
    "Update forecast",
    "Prepare demo",
    "LinkedIn message",
    "Research account",
    "Send NDA",
)
PLANNED_SUBJECTS = ("Call back", "Follow up", "Send proposal", "Check in with champion", "Prepare QBR")
AUTOMATED_SUBJECTS = (
    "Automated: Thanks for your interest",
    "Auto-reply: We received your request",
)
MEETING_SUBJECTS = (
    "Discovery call",
    "Intro meeting",
    "Product demo",
    "Proposal review",
    "On-site meeting",
    "Technical deep dive",
    "Contract negotiation",
    "Quarterly business review",
    "Customer success check-in",
)
"""How meetings are called: the first two with leads, the last two with customers only."""
CALL_RESULTS = ("Connected", "Left voicemail", "No answer", "Busy", "Wrong number")

TOPICS = (
    "Forecasting Without Spreadsheets",
    "The Pipeline Playbook",
    "Revenue Planning Guide",
    "Sales and Marketing, One Number",
    "Fixing the Lead Handoff",
    "The CFO View of Pipeline",
    "Five Metrics That Matter",
    "Territory Planning 101",
    "From MQL to Closed",
    "Benchmark Report",
)
SHOWS = (
    "Midwest Revenue Summit",
    "Ops Connect Chicago",
    "SaaS Growth Expo Boston",
    "Manufacturing Tech Days",
    "Southeast Sales Forum",
    "RevOps World Denver",
    "FinOps Week New York",
)
