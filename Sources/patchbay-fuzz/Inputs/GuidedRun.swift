import Glibc

/// The search that libFuzzer does, where the build holds it: `make fuzz` compiles with coverage and links its library
/// without a `main`. Looked up at run time, so that every other build needs nothing of it.
enum GuidedRun {
    private typealias Body = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    /// `LLVMFuzzerRunDriver(int *argc, char ***argv, int (*body)(const uint8_t *, size_t))`, llvm's FuzzerInterface.h.
    private typealias Driver =
        @convention(c) (
            UnsafeMutablePointer<CInt>, UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, Body
        ) -> CInt

    static var isAvailable: Bool { dlsym(nil, "LLVMFuzzerRunDriver") != nil }

    /// The C function that is called for each input can carry nothing along.
    nonisolated(unsafe) private static var running: (target: InputTarget, room: InputRoom)?

    /// Ends the process: with status 0 when the time is over and all inputs were survived.
    static func start(_ target: InputTarget, _ room: InputRoom, corpus: String, found: String, seconds: Int) {
        guard let symbol = dlsym(nil, "LLVMFuzzerRunDriver") else { return }
        running = (target, room)
        let words = [
            "patchbay-fuzz", "-max_total_time=\(seconds)", "-timeout=10", "-rss_limit_mb=1024", "-max_len=8192",
            "-print_final_stats=1", "-artifact_prefix=\(found)/\(target.rawValue)-", corpus,
        ]
        var arguments: [UnsafeMutablePointer<CChar>?] = []
        for word in words { arguments.append(strdup(word)) }
        arguments.append(nil)
        var count = CInt(words.count)
        let status = arguments.withUnsafeMutableBufferPointer { buffer -> CInt in
            guard var first = buffer.baseAddress else { return 2 }
            return unsafeBitCast(symbol, to: Driver.self)(&count, &first) { bytes, count in
                GuidedRun.run(UnsafeBufferPointer(start: bytes, count: count))
            }
        }
        exit(status)
    }

    private static func run(_ bytes: UnsafeBufferPointer<UInt8>) -> CInt {
        guard let (target, room) = running else { return 0 }
        do { try target.run(Array(bytes), room) } catch { fatalError("\(error)") }
        return 0
    }
}
