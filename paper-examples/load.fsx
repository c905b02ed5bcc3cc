// Every .fsx here begins with #load "load.fsx": it references the library as built in this clone.
// "Unable to find the file" below means that it is not built yet: run ./build.sh --target=Build first.
#r "../src/Core.CSharp/bin/Release/net10.0/Implicit.Core.dll"
#r "../src/Dsl/bin/Release/net10.0/Implicit.dll"
#r "../src/Dsl/bin/Release/net10.0/Spectre.Console.dll"
