module Implicit.Tests.House.PublicApiTests

open System.Reflection
open Implicit.Testing
open Xunit

[<Fact>]
let ``the surface of the front is the reviewed one`` () =
    let difference =
        Snapshot.Difference("tests/Dsl.Tests/Api/Implicit.txt", PublicApi.Of(Assembly.Load "Implicit"))

    Assert.True(isNull difference, difference)

[<Property>]
let ``properties run from F# too`` (a: int) (b: int) = a + b = b + a
