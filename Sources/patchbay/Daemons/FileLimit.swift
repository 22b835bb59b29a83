import Glibc

/// How many files the process may have open: connections, the store, and what is read of the host.
enum FileLimit {
    /// Raises the soft limit to the hard one (getrlimit(2)): the usual 1,024 are for programs that use select(2).
    ///
    /// - Returns: how many there may be now.
    static func raise() -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return 1024 }
        limit.rlim_cur = limit.rlim_max
        // Without it the soft limit stays, and is asked for again.
        if setrlimit(files, &limit) != 0 { getrlimit(files, &limit) }
        return Int(clamping: limit.rlim_cur)
    }
}
