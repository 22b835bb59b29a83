import PatchbayTesting
import Testing

@Suite(.timeLimit(.minutes(10))) struct `Every store` {
    @Test(arguments: StoreKind.allCases) func `a value is kept as it was given`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.keepsWhatItIsGiven($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a deleted key is gone and can be made anew`(_ kind: StoreKind)
        async throws
    {
        try await withStore(kind) { try await StoreContract.deletedKeysAreGone($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a commit that changes nothing has no revision of its own`(
        _ kind: StoreKind
    ) async throws {
        try await withStore(kind) { try await StoreContract.nothingChangedIsNoCommit($0) }
    }

    @Test(arguments: StoreKind.allCases) func `conditions decide over all writes of a commit`(_ kind: StoreKind)
        async throws
    {
        try await withStore(kind) { try await StoreContract.conditionsDecide($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a stale write changes nothing`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.aStaleWriteChangesNothing($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a refused claim leaves nothing`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.aRefusedClaimLeavesNothing($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a key written twice in one commit is refused`(_ kind: StoreKind)
        async throws
    {
        try await withStore(kind) { try await StoreContract.aKeyIsWrittenOnceACommit($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a list is sorted and keeps prefixes apart`(_ kind: StoreKind)
        async throws
    {
        try await withStore(kind) { try await StoreContract.listsSortedAndApart($0) }
    }

    @Test(arguments: StoreKind.allCases) func `keys are equal only when their bytes are`(_ kind: StoreKind) async throws
    {
        try await withStore(kind) { try await StoreContract.keysAreBytes($0) }
    }

    @Test(arguments: StoreKind.allCases) func `bad keys and huge values are refused`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.badKeysAndHugeValuesAreRefused($0) }
    }

    @Test(arguments: StoreKind.allCases) func `exactly one of many claims of a key wins`(_ kind: StoreKind) async throws
    {
        try await withStore(kind) { try await StoreContract.exactlyOneClaimWins($0) }
    }

    @Test(arguments: StoreKind.allCases) func `revisions grow one by one under concurrency`(_ kind: StoreKind)
        async throws
    {
        try await withStore(kind) { try await StoreContract.revisionsGrowOneByOne($0) }
    }

    @Test(arguments: StoreKind.allCases) func `compare and swap loses no write`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.compareAndSwapLosesNothing($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a watch tells the past in order`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.watchTellsThePast($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a watch tells what happens now`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.watchTellsWhatHappensNow($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a list and a watch from it miss nothing`(_ kind: StoreKind) async throws
    {
        try await withStore(kind) { try await StoreContract.listAndWatchMissNothing($0) }
    }

    @Test(arguments: StoreKind.allCases) func `all watchers see the same`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.watchersSeeTheSame($0) }
    }

    @Test(arguments: StoreKind.allCases) func `compaction forgets the past and keeps what is`(_ kind: StoreKind)
        async throws
    {
        try await withStore(kind) { try await StoreContract.compactionForgetsThePast($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a watcher left behind by compaction is told`(_ kind: StoreKind)
        async throws
    {
        try await withStore(kind) { try await StoreContract.aWatcherLeftBehindIsTold($0) }
    }

    @Test(arguments: StoreKind.allCases) func `a cancelled watch ends`(_ kind: StoreKind) async throws {
        try await withStore(kind) { try await StoreContract.aCancelledWatchEnds($0) }
    }
}
