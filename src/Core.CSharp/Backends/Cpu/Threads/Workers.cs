using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Threads that help the calling one with the parts of a job. They spin for a moment after a job, because another often follows, and
/// then sleep. A job inside a job, and one that meets another thread's, runs on its own thread alone. Nothing is allocated.
/// </summary>
internal static unsafe class Workers
{
    /// <summary>Work of fewer nanoseconds on one thread is not worth a second.</summary>
    private const double LeastNanoseconds = 20_000;
    private const double NanosecondsPerPart = 10_000;
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;
    private static readonly SemaphoreSlim Wake = new(0);
    private static readonly Lock Starting = new();

    [ThreadStatic]
    private static bool isInside;

    private static int threads = Environment.ProcessorCount;
    private static int started;
    private static int asleep;
    private static int isBusy;

    // The job under way. A helper takes a part by lowering the number in the low half of the ticket; since the high half is
    // different for every job, what it has read of the others before belongs to the job it takes part in.
    private static long ticket;
    private static void* job;
    private static delegate* <void*, int, int, void> run;
    private static int parts;
    private static int unfinished;
    private static Exception? failure;

    /// <summary>How many threads work on a job at most, the calling one among them.</summary>
    public static int Count
    {
        get => Volatile.Read(ref threads);
        set => Volatile.Write(ref threads, value);
    }

    /// <summary>Into how many parts work is worth cutting that takes so long on one thread, roughly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PartsFor(double nanoseconds) => nanoseconds < LeastNanoseconds ? 1 : Split(nanoseconds);

    /// <summary>The place where a part of <paramref name="length"/> begins, a multiple of the grain; the last ends at the length.</summary>
    public static long Start(long length, long grain, int part, int parts) =>
        Math.Min(length, (length + grain - 1) / grain * part / parts * grain);

    /// <summary>Runs all parts and returns when they are done. What a part throws is thrown here.</summary>
    public static void Run<J>(int count, ref J work)
        where J : struct, IJob
    {
        if (count <= 1 || isInside || Interlocked.Exchange(ref isBusy, 1) != 0)
        {
            for (int part = 0; part < count; part++)
                work.Run(part, count);
            return;
        }
        try
        {
            // The caller's frame holds the job until every part is done.
            Share(count, Unsafe.AsPointer(ref work), &Part<J>);
        }
        finally
        {
            Volatile.Write(ref isBusy, 0);
        }
    }

    private static int Split(double nanoseconds) =>
        isInside ? 1 : (int)Math.Min(Count, nanoseconds / NanosecondsPerPart);

    private static void Part<J>(void* work, int part, int count)
        where J : struct, IJob => Unsafe.AsRef<J>(work).Run(part, count);

    private static void Share(int count, void* work, delegate* <void*, int, int, void> method)
    {
        StartHelpers(count - 1);
        job = work;
        run = method;
        parts = count;
        failure = null;
        Volatile.Write(ref unfinished, count);
        Interlocked.Exchange(ref ticket, (((ticket >> 32) + 1) << 32) | (uint)count);
        int sleepers = Interlocked.Exchange(ref asleep, 0);
        if (sleepers > 0)
            Wake.Release(sleepers);
        isInside = true;
        while (TakePart()) { }
        isInside = false;
        SpinWait spin = default;
        while (Volatile.Read(ref unfinished) > 0)
            spin.SpinOnce(sleep1Threshold: -1);
        if (failure is { } thrown)
            ExceptionDispatchInfo.Throw(thrown);
    }

    /// <summary>Does a part of the job under way, if there is one that nobody has taken.</summary>
    private static bool TakePart()
    {
        long seen = Volatile.Read(ref ticket);
        int left = (int)seen;
        if (left == 0)
            return false;
        void* work = job;
        delegate* <void*, int, int, void> method = run;
        int count = parts;
        if (Interlocked.CompareExchange(ref ticket, seen - 1, seen) != seen)
            return true;
        try
        {
            method(work, left - 1, count);
        }
        catch (Exception error)
        {
            failure = error;
        }
        Interlocked.Decrement(ref unfinished);
        return true;
    }

    private static void StartHelpers(int count)
    {
        if (Volatile.Read(ref started) >= count)
            return;
        lock (Starting)
        {
            for (; started < count; started++)
                new Thread(Help) { IsBackground = true, Name = "Implicit" }.UnsafeStart();
        }
    }

    private static void Help()
    {
        isInside = true;
        while (true)
        {
            while (TakePart()) { }
            long end = Stopwatch.GetTimestamp() + SpinTicks;
            while ((int)Volatile.Read(ref ticket) == 0 && Stopwatch.GetTimestamp() < end)
                Thread.SpinWait(10);
            if ((int)Volatile.Read(ref ticket) == 0)
                Sleep();
        }
    }

    /// <summary>Sleeps until a job is shared; one that was shared after the last look wakes it at once.</summary>
    private static void Sleep()
    {
        Interlocked.Increment(ref asleep);
        if ((int)Volatile.Read(ref ticket) == 0 || !StayAwake())
            Wake.Wait();
    }

    /// <summary>Takes back that this thread sleeps, unless the caller has counted on waking it already.</summary>
    private static bool StayAwake()
    {
        for (int count = Volatile.Read(ref asleep); count > 0; count = Volatile.Read(ref asleep))
        {
            if (Interlocked.CompareExchange(ref asleep, count - 1, count) == count)
                return true;
        }
        return false;
    }
}
