module Implicit.Tests.HouseTests

open System.Reflection
open Xunit

[<Fact>]
let ``the front stands on the core`` () =
    let front = Assembly.Load "Implicit"
    Assert.Equal("Implicit", front.GetName().Name)
