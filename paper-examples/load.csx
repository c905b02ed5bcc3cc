// Every .csx here begins with #load "load.csx": it references the library as built in this clone.
// "Metadata file could not be found" below means that it is not built yet: run ./build.sh --target=Build first.
#r "../src/Core.CSharp/bin/Release/net10.0/Implicit.Core.dll"
