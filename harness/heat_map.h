// The extent of a mistake as a picture on file.
#ifndef WAVEGAUGE_HEAT_MAP_H
#define WAVEGAUGE_HEAT_MAP_H

#include "error.h"
#include "extent.h"

// Writes into `folder`, which is made when it is not there, NAME.dat (the matrix with the most
// wrong elements: for each element how wrong it is) and NAME.gnuplot, a script that makes NAME.png
// and NAME.svg of it, where NAME is the case's id with characters that files may not have replaced.
// Runs the script when gnuplot is installed. *path, to be freed, is the best there is to look at:
// the PNG, or else the script. False with an error when a file cannot be written.
bool heat_map_write(const struct extent *extent, const char *folder, const char *case_id,
                    const char *title, char **path, struct error *error);

// The lines of the data file and of the script.
void heat_map_append_data(const struct extent *extent, struct text *text);
void heat_map_append_script(const struct extent *extent, const char *name, const char *title,
                            struct text *text);

#endif
