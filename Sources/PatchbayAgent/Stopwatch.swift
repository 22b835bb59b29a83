/// How long something takes on a clock that was passed in.
struct Stopwatch {
    private let elapsed: () -> Duration

    init(_ clock: any Clock<Duration>) { elapsed = Self.start(clock) }

    /// Whole milliseconds since it was made.
    var milliseconds: Int {
        let (seconds, attoseconds) = elapsed().components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    private static func start<C: Clock>(_ clock: C) -> () -> Duration where C.Duration == Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
