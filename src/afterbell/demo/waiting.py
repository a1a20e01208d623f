"""The sample's requests that wait: most for a decision, some for the partner's answer, some answered, some half decided, some competing."""

from dataclasses import replace

from afterbell.demo.samples import read

ASKED = 2  # days ago, where a line does not say

HELD = """\
baldwin-hills-elementary/parent-center | rosa   | Nutrition class        | parent-workshop   | +55 16:00 1.5h   | 15 x 4 | waits | reads=reading
24th-street-elementary/room-14         | lin    | Asthma clinic          | community-clinic  | +56 16:00 2h     | 20 x 12 | waits | reads=dental
luther-burbank-middle/room-102         | pilar  | Citizenship class      | adult-esl         | +57 18:00 2h     | 30 x 8 | waits | reads=citizenship
luther-burbank-middle/auditorium       | sam    | Summer auditions       | performance       | +60 16:00 3h     | 80 x 3 | waits | ago=3
venice-high/gym-a                      | sam    | Movement workshop      | enrichment-class  | +61 16:00 2h     | 60 x 1 | waits | ago=1
venice-high/wellness-center            | rosa   | Recovery evenings      | recovery-group    | +62 19:00 2h     | 12 x 4 | waits
24th-street-elementary/library         | pilar  | Homework help          | enrichment-class  | +58 15:30 2h     | 30 x 6 | waits | reads=homework
baldwin-hills-elementary/yard          | sam    | Juggling for beginners | enrichment-class  | +63 15:30 1.5h   | 40 x 1 | waits | ago=4
cheremoya-avenue-elementary/mpr        | noor   | Folk dance recital     | performance       | +48 17:00 2h     | 150 x 1 | waits | reads=dance
cheremoya-avenue-elementary/room-12    | marcus | Chess for all ages     | enrichment-class  | +44 16:00 2h     | 20 x 4 | waits | ago=1
ascot-avenue-elementary/mpr            | park   | Holiday baskets        | food-distribution | +41 Sat 10:00 4h | 180 x 1 | waits | reads=pantry
ascot-avenue-elementary/yard           | park   | Farm stand             | food-distribution | +43 15:30 3h     | 120 x 4 | waits | reads=pantry
san-pedro-street-elementary/room-12         | kim    | Robotics, beginners    | enrichment-class  | +47 15:30 2h     | 24 x 8 | waits | reads=robotics
san-pedro-street-elementary/mpr             | vega   | Town hall on the park  | civic-meeting     | +38 18:00 2h     | 160 x 1 | waits | reads=council ago=3
morningside-elementary/library         | vega   | Lectura en voz alta    | parent-workshop   | +39 16:00 1.5h   | 30 x 6 | waits | reads=reading
morningside-elementary/room-12         | pilar  | Inglés, segundo nivel  | adult-esl         | +46 18:00 2h     | 25 x 10 | waits | reads=esl
public-service-community/gym-b         | dee    | Girls' league          | youth-sports      | +49 17:00 2h     | 70 x 8 | waits | reads=basketball
public-service-community/cafeteria     | park   | Cooking on a budget    | parent-workshop   | +51 17:00 2h     | 40 x 3 | waits | ago=1
communication-and-technology/room-201  | vega   | Becas y colegio        | parent-workshop   | +52 18:00 1.5h   | 30 x 2 | waits | ago=4
charnock-road-elementary/room-12       | marcus | Guitar circle          | enrichment-class  | +53 17:00 1.5h   | 12 x 4 | waits
charnock-road-elementary/yard          | dee    | Saturday hoops         | youth-sports      | +54 Sat 09:00 3h | 80 x 4 | waits | ago=3
venice-high/cafeteria                  | lin    | Health fair            | community-clinic  | +59 Sat 10:00 4h | 200 x 1 | waits | reads=vaccines
venice-high/room-102                   | rosa   | Family counselling     | counselling       | +64 16:00 2h     | 8 x 6 | waits | ago=1
luther-burbank-middle/gym              | dee    | Tournament day         | youth-sports      | +66 Sat 09:00 6h | 400 x 1 | waits
"""
# A question is open, or answered.
SPOKEN = """\
24th-street-elementary/mpr       | sam   | Shadow theatre        | performance       | +45 16:00 2h | 120 x 2 | questioned | ago=5
baldwin-hills-elementary/library | vega  | Tax help for families | civic-meeting     | +46 17:00 2h | 40 x 4 | questioned | ago=6
venice-high/auditorium           | pilar | Mother's Day concert  | performance       | +48 18:00 3h | 230 x 1 | questioned | ago=4
luther-burbank-middle/cafeteria  | park  | Community dinner      | food-distribution | +44 17:00 3h | 200 x 1 | answered | ago=6
cheremoya-avenue-elementary/yard | kim   | Rocket afternoon      | enrichment-class  | +47 15:30 2h | 80 x 1 | answered | ago=5
"""
# Some dates are approved, the rest waits.
HALVED = """\
baldwin-hills-elementary/mpr   | dee   | Indoor skills      | youth-sports    | +36 16:00 2h   | 60 x 6 | part_waiting | reads=basketball ago=5
san-pedro-street-elementary/library | pilar | Cuentos los jueves | parent-workshop | +37 15:30 1.5h | 30 x 4 | part_waiting | reads=reading ago=4
"""
# Approved, and asked to move an hour later for more people; and a room that is named as a kind.
CHANGING = """\
venice-high/room-101             | lin  | Prenatal classes  | community-clinic | +46 16:00 2h   | 12 x 4 | to_move | ago=7
luther-burbank-middle/gym-b      | dee  | Family volleyball | youth-sports     | +47 16:00 2h   | 60 x 1 | to_move | ago=7
24th-street-elementary/any:classroom | rosa | Parenting circle  | parent-workshop  | +50 17:00 1.5h | 15 x 3 | waits
"""
# Where requests compete: the same rooms at overlapping times.
RIVALS = """\
woodland-hills-academy/gym       | dee   | Valley tournament  | youth-sports      | +50 Sat 09:00 5h   | 350 x 2 | waits | ago=5
woodland-hills-academy/gym-a     | noor  | Dance marathon     | performance       | +50 Sat 10:00 4h   | 200 x 1 | waits | ago=4
woodland-hills-academy/gym-b     | lin   | Vaccination day    | vaccination       | +50 Sat 11:00 4h   | 150 x 1 | waits | reads=vaccines ago=3
woodland-hills-academy/room-101  | pilar | Inglés en el Valle | adult-esl         | +52 Wed 18:00 2h   | 30 x 8 | waits | reads=esl ago=4
woodland-hills-academy/room-101  | vega  | Vecinos del Valle  | civic-meeting     | +52 Wed 18:30 1.5h | 25 x 2 | waits
woodland-hills-academy/cafeteria | park  | Valley pantry      | food-distribution | +49 Thu 15:30 3h   | 150 x 4 | waits | reads=pantry ago=3
woodland-hills-academy/cafeteria | sam   | Dinner theatre     | performance       | +49 Thu 17:00 3h   | 120 x 1 | waits | ago=1
"""
WAITING = tuple(replace(each, ago=each.ago or ASKED) for each in read(HELD + SPOKEN + HALVED + CHANGING + RIVALS))
