"""The sample's twelve schools: facts from the state's public directory, 2018 edition. All but San Pedro Street are community schools in or near Los
Angeles, and that one lies downtown; two share a campus. Nothing else about them here is real."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class School:
    """A school as the directory has it."""

    cds_code: str
    name: str
    slug: str
    level: str
    street: str
    city: str
    zip: str
    latitude: str
    longitude: str
    phone: str


LA = "Los Angeles"
SCHOOLS = (
    School(
        "19647336019608",
        "Twenty-Fourth Street Elementary",
        "24th-street-elementary",
        "elementary",
        *("2055 West 24th Street", LA, "90018", "34.034767", "-118.310690", "(323) 735-0278"),
    ),
    School(
        "19647336015929",
        "Baldwin Hills Elementary",
        "baldwin-hills-elementary",
        "elementary",
        *("5421 Rodeo Road", LA, "90016", "34.021609", "-118.364920", "(323) 937-7223"),
    ),
    School(
        "19647336057897",
        "Luther Burbank Middle",
        "luther-burbank-middle",
        "middle",
        *("6460 North Figueroa Street", LA, "90042", "34.119309", "-118.183570", "(323) 340-4400"),
    ),
    School(
        "19647331939040",
        "Venice Senior High",
        "venice-high",
        "high",
        *("13000 Venice Boulevard", LA, "90066", "33.998856", "-118.442830", "(310) 577-4200"),
    ),
    School(
        "19647336016448",
        "Charnock Road Elementary",
        "charnock-road-elementary",
        "elementary",
        *("11133 Charnock Road", LA, "90034", "34.017253", "-118.419660", "(310) 838-6110"),
    ),
    School(
        "19647336016471",
        "Cheremoya Avenue Elementary",
        "cheremoya-avenue-elementary",
        "elementary",
        *("6017 Franklin Avenue", LA, "90028", "34.105315", "-118.320720", "(323) 464-1722"),
    ),
    School(
        "19647336061568",
        "Woodland Hills Academy",
        "woodland-hills-academy",
        "middle",
        *("20800 Burbank Boulevard", "Woodland Hills", "91367", "34.171912", "-118.585460", "(818) 226-2900"),
    ),
    School(
        "19647330124487",
        "Public Service Community at Diego Rivera Learning Complex",
        "public-service-community",
        "high",
        *("6100 South Central Avenue", LA, "90001", "33.984122", "-118.256110", "(323) 846-2128"),
    ),
    School(
        "19647330124495",
        "Communication and Technology at Diego Rivera Learning Complex",
        "communication-and-technology",
        "high",
        *("6100 South Central Avenue", LA, "90001", "33.984122", "-118.256110", "(323) 846-2118"),
    ),
    School(
        "19647336015887",
        "Ascot Avenue Elementary",
        "ascot-avenue-elementary",
        "elementary",
        *("1447 East 45th Street", LA, "90011", "34.002924", "-118.248230", "(323) 235-3178"),
    ),
    School(
        "19647336019053",
        "San Pedro Street Elementary",
        "san-pedro-street-elementary",
        "elementary",
        *("1635 South San Pedro Street", LA, "90015", "34.029240", "-118.256450", "(213) 747-9538"),
    ),
    School(
        "19647336018220",
        "Morningside Elementary",
        "morningside-elementary",
        "elementary",
        *("576 North Maclay Avenue", "San Fernando", "91340", "34.288452", "-118.434150", "(818) 365-7181"),
    ),
)
TOGETHER = {
    "communication-and-technology": "public-service-community"
}  # the other school's campus, where two share one


def schools_csv(slugs: tuple[str, ...]) -> str:
    """These schools in the columns of `import schools`."""
    lines = [",".join(School.__dataclass_fields__)]
    lines += [",".join(astuple(school)) for school in SCHOOLS if school.slug in slugs]
    return "\n".join(lines) + "\n"
