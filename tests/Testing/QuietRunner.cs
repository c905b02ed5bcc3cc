using FsCheck;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit.Sdk;

namespace Implicit.Testing;

/// <summary>Says nothing of a property that holds and throws FsCheck's account of one that does not.</summary>
internal sealed class QuietRunner : IRunner
{
    public void OnStartFixture(Type t) { }

    public void OnArguments(
        int ntest,
        FSharpList<object> args,
        FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every
    ) { }

    public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink) { }

    public void OnFinished(string name, TestResult result)
    {
        if (result is not FsCheck.TestResult.Passed)
        {
            throw new XunitException(Runner.onFinishedToString(name, result));
        }
    }
}
