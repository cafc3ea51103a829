#if !__has_include(<yaml.h>)
#error "gatecheck needs the headers of libyaml: apt-get install libyaml-dev"
#endif
#include <yaml.h>
