"""Names of people, as a US company meets them, and the ASCII that their e-mail addresses are made of."""

import unicodedata

import numpy as np
import polars as pl

from data.world.arrays import Bools, Floats, Ints
from data.world.words import listed

# men and women take turns, so that a salutation can suit the name
FIRST_NAMES = listed(
    "James Mary Michael Jennifer Robert Linda David Elizabeth William Barbara Richard Susan Joseph "
    "Jessica Thomas Sarah Christopher Karen Daniel Nancy Matthew Lisa Anthony Betty Mark Sandra Steven "
    "Ashley Andrew Emily Paul Kimberly Joshua Margaret Kenneth Donna Kevin Michelle Brian Carol George "
    "Amanda Timothy Melissa Ronald Deborah Jason Stephanie Edward Rebecca Jeffrey Laura Ryan Sharon Jacob "
    "Cynthia Nicholas Dorothy Gary Amy Eric Kathleen Jonathan Angela Stephen Shirley Larry Brenda Justin "
    "Emma Scott Anna Brandon Pamela Benjamin Nicole Samuel Samantha Gregory Katherine Patrick Christine "
    "Frank Helen Raymond Debra Jack Rachel Dennis Carolyn Jerry Janet Tyler Maria Aaron Olivia Jose "
    "Heather Adam Victoria Nathan Wei Priya Carlos Fatima Ahmed Mei Luis Aisha Juan Sofia Diego Ana Raj "
    "Anjali Hiroshi Yuki Omar Leila Ivan Olga Chen Ling Kofi Amara Pedro Lucia Mateo Camila Arjun Deepa "
    "Sanjay Kavita Tomasz Ewa Lars Ingrid José Zoë Björn Chloé Søren Renée André Núria Jürgen Şebnem "
    "Łukasz Mónica Håkan Françoise Émile Thảo"
)

LAST_NAMES = listed(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez "
    "Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark "
    "Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams "
    "Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker "
    "Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper "
    "Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James "
    "Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez "
    "Powell Jenkins Perry Russell Sullivan Bell Coleman Butler Henderson Barnes Fisher Vasquez Simmons "
    "Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole Hayes "
    "Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall Owens Harrison "
    "Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman Burns "
    "Crawford Olson Simpson Porter Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks "
    "Holmes Palmer Wagner Black Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt "
    "Garza Daniels Ferguson Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer "
    "Hawkins Arnold Pierce Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong "
    "Hudson Carroll Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena "
    "Richards Contreras Willis Carpenter Lawrence Sandoval Guerrero George Chapman Rios Estrada Ortega "
    "Watkins Greene Nunez Wheeler Valdez Harper Burke Larson Santiago Maldonado Morrison Franklin Carlson "
    "Austin Dominguez Carr Lawson Jacobs Obrien Lynch Singh Vega Bishop Montgomery Oliver Jensen Harvey "
    "Williamson Gilbert Dean Sims Espinoza Howell Li Wong Reid Hanson Le McCoy Garrett Burton Fuller Wang "
    "Weber Welch Rojas Lucas Marquez Fields Park Yang Little Banks Padilla Day Walsh Bowman Schultz Luna "
    "Fowler Mejia Gupta Khan Shah Kumar Sharma Okafor Mensah Kowalski Novak Ivanov Petrov Rossi Bianchi "
    "Moreau Dubois Schneider Fischer Becker Bakker Visser Åström Nguyễn Müller García Muñoz Peña Šimić "
    "Dvořák Çelik Ñáñez Lindström Østergaard Gonçalves Bélanger Lefèvre Wójcik Jiménez Ibáñez Hård "
    "O'Brien O'Connor D'Angelo"
)

_SPECIAL = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "đ": "d", "'": ""})
_FIRST = pl.Series("first", FIRST_NAMES)
_LAST = pl.Series("last", LAST_NAMES)


def ascii_slug(text: str) -> str:
    """Write a name in the lower-case ASCII that an e-mail address would carry."""
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
    return "".join(letter for letter in plain if letter.isascii()).lower()


_FIRST_SLUGS = pl.Series("first_slug", [ascii_slug(name) for name in FIRST_NAMES])
_LAST_SLUGS = pl.Series("last_slug", [ascii_slug(name) for name in LAST_NAMES])


def draw_names(u_first: Floats, u_last: Floats) -> tuple[Ints, Ints]:
    """Turn uniform draws into the numbers of first and last names; the first of each list are commoner."""
    first = (u_first**1.6 * len(FIRST_NAMES)).astype(np.int64)
    last = (u_last**1.7 * len(LAST_NAMES)).astype(np.int64)
    return first, last


def name_frame(first: Ints, last: Ints) -> pl.DataFrame:
    """Give the names of those numbers: columns first, last, first_slug, last_slug."""
    return pl.DataFrame(
        [_FIRST.gather(first), _LAST.gather(last), _FIRST_SLUGS.gather(first), _LAST_SLUGS.gather(last)]
    )


def is_woman(first: Ints) -> Bools:
    """Say which of those first names are women's."""
    return np.asarray(first % 2 == 1, np.bool_)
