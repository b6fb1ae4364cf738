@echo off
rem Builds what is stale and starts a program: run help
rem The launcher for Windows; the file "run" is the one for other systems.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set "STAMP=%HERE%tools\target\run.stamp"
set "WANTED=25"

set "COMMAND=%~1"
if "%COMMAND%"=="" goto usage
if /i "%COMMAND%"=="help" goto usage
if /i "%COMMAND%"=="-h" goto usage
if /i "%COMMAND%"=="--help" goto usage

call :find_jdk
if errorlevel 1 exit /b 3

rem What follows the command, as it was written.
set "REST="
for /f "tokens=1,*" %%a in ("%*") do set "REST=%%b"

if /i "%COMMAND%"=="test" goto test

rem Each program is a class in the package tools. The name on the disk gives the capital letters.
set "PROGRAM="
for %%f in ("%HERE%tools\src\main\java\tools\%COMMAND:-=%.java") do (
  for /f "delims=" %%n in ('dir /b "%%~ff" 2^>nul') do set "PROGRAM=%%~nn"
)
if not defined PROGRAM (
  >&2 echo [run] not a command: %COMMAND% ^(see run help^)
  exit /b 2
)
call :stale
if errorlevel 1 (
  call :build
  if errorlevel 1 exit /b 1
)
rem A program that is given videos gets the ffmpeg program: that on the PATH, or a jar from Maven.
set "FFMPEG=%HERE%tools\target\ffmpeg"
for %%c in (demo train sample prepare reconstruct pretrain-dino precompute ablate evaluate whence downstream) do (
  if /i "%COMMAND%"=="%%c" call :need_ffmpeg
)
set "JAR="
for %%j in ("%HERE%tools\target\tools-*.jar") do (
  echo "%%~nj" | findstr /r /c:"-sources" /c:"-javadoc" >nul || set "JAR=%%~fj"
)
set "HEAP=-XX:MaxRAMPercentage=60"
if /i "%COMMAND%"=="demo" set "HEAP=-Xmx2300m"
rem A small heap is too few large regions to begin with: there the Java machine chooses.
set "REGIONS=-XX:G1HeapRegionSize=32m"
set "ASKED=99999"
for %%o in (%JAVA_OPTS%) do call :asked_heap "%%~o"
if %ASKED% LSS 512 set "REGIONS="
rem Two collectors are one too many: who names one has that one.
set "COLLECTOR=-XX:+UseG1GC"
echo "%JAVA_OPTS%" | findstr /r /c:"-XX:+Use[A-Za-z0-9]*GC" >nul && set "COLLECTOR="
"%JAVA_HOME%\bin\java.exe" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED ^
  %COLLECTOR% %REGIONS% %HEAP% %JAVA_OPTS% ^
  -cp "%JAR%;%HERE%tools\target\lib\*;%FFMPEG%\*" tools.%PROGRAM% %REST%
exit /b %errorlevel%

:test
call :need_maven
if errorlevel 1 exit /b 3
pushd "%HERE%"
set "RC=0"
for /f "tokens=1,2,*" %%a in ("%REST%") do (
  set "ASKED=%%a"
  set "NUMBER=%%b"
  set "MORE=%%c"
)
if "%ASKED%"=="--seeds" goto seeds
if "%ASKED%"=="--seed" (
  set "SEED=%NUMBER%"
  call :properties
) else (
  call mvn -B -ntp -Prelease -Dexplorer.skip verify %REST%
)
set "RC=%errorlevel%"
popd
exit /b %RC%

:seeds
for /l %%i in (1,1,%NUMBER%) do (
  call :new_seed
  call :properties
  if errorlevel 1 (
    popd
    exit /b 1
  )
)
popd
>&2 echo [run] the properties hold for %NUMBER% new seeds
exit /b 0

rem %RANDOM% is 15 bits.
:new_seed
set /a "SEED=%RANDOM% * 32768 + %RANDOM%"
exit /b 0

rem The properties of every module and nothing else, drawn from the seed SEED.
:properties
>&2 echo [run] properties with seed %SEED%
call mvn -B -ntp -Dtests.seed=%SEED% -Dsurefire.includeJUnit5Engines=jqwik ^
  -Dsurefire.failIfNoSpecifiedTests=false package %MORE%
if not errorlevel 1 exit /b 0
>&2 echo [run] failed with seed %SEED%; again: run test --seed %SEED%
>&2 echo [run] what fails becomes an example: docs\add-an-op.md says how
exit /b 1

rem Returns 1 where a source, a folder of sources or a pom is newer than the last build, or where
rem that cannot be told. PowerShell takes the folder from the environment, so that it needs no quotes.
:stale
if not exist "%STAMP%" exit /b 1
if not exist "%HERE%tools\target\tools-*.jar" exit /b 1
if not exist "%HERE%tools\target\lib\engine-*.jar" exit /b 1
set "PS1=$built = (Get-Item -LiteralPath $env:STAMP).LastWriteTimeUtc;"
set "PS2=$all = @(Get-Item -LiteralPath ($env:HERE + 'pom.xml')) + @(Get-ChildItem -LiteralPath ($env:HERE + 'testdata\features')) + @(Get-ChildItem -Recurse -LiteralPath ($env:HERE + 'testdata\models'));"
set "PS3=foreach ($module in 'engine', 'nn', 'medsora', 'tools\conform', 'tools') {"
set "PS4=$all += Get-Item -LiteralPath ($env:HERE + $module + '\pom.xml');"
set "PS5=$all += Get-Item -LiteralPath ($env:HERE + $module + '\src\main');"
set "PS6=$all += Get-ChildItem -LiteralPath ($env:HERE + $module + '\src\main') -Recurse };"
set "PS7=foreach ($one in $all) { if ($one.LastWriteTimeUtc -gt $built) { exit 1 } }; exit 0"
powershell -NoProfile -Command "%PS1% %PS2% %PS3% %PS4% %PS5% %PS6% %PS7%"
if errorlevel 1 exit /b 1
exit /b 0

:build
call :need_maven
if errorlevel 1 exit /b 1
>&2 echo [run] building (the first time Maven also downloads what the build needs)
if not exist "%HERE%tools\target" mkdir "%HERE%tools\target"
rem The time before the build: what changes during it is newer.
type nul >"%STAMP%.begun"
del /q "%HERE%tools\target\*.jar" "%HERE%tools\target\lib\*.jar" 2>nul
call mvn -B -q -f "%HERE%pom.xml" -DskipTests package 1>&2
if errorlevel 1 (
  >&2 echo [run] the build failed
  exit /b 1
)
move /y "%STAMP%.begun" "%STAMP%" >nul
exit /b 0

rem Sets ASKED to about the MiB that an option -Xmx asks for; other options leave it as it is.
:asked_heap
set "SIZE=%~1"
if not "%SIZE:~0,4%"=="-Xmx" exit /b 0
set "SIZE=%SIZE:~4%"
if not defined SIZE exit /b 0
set "UNIT=%SIZE:~-1%"
set "NUMBER=%SIZE:~0,-1%"
if not defined NUMBER exit /b 0
set "ASKED="
if /i "%UNIT%"=="m" set "ASKED=%NUMBER%"
if /i "%UNIT%"=="g" set "ASKED=%NUMBER%000"
if /i "%UNIT%"=="t" set "ASKED=%NUMBER%000000"
rem Numbers here end at 2^31: thousands and millions are cut off as digits.
if /i "%UNIT%"=="k" set "ASKED=%NUMBER:~0,-3%"
echo %UNIT%| findstr /r "[0-9]" >nul && set "ASKED=%SIZE:~0,-6%"
if not defined ASKED set "ASKED=0"
exit /b 0

rem Only a command with --data or --start, and prepare, reconstruct, evaluate, whence and downstream, are given videos.
:need_ffmpeg
where ffmpeg >nul 2>nul && where ffprobe >nul 2>nul && exit /b 0
if exist "%FFMPEG%\*.jar" exit /b 0
set "GIVEN="
if /i "%COMMAND%"=="prepare" set "GIVEN=1"
if /i "%COMMAND%"=="reconstruct" set "GIVEN=1"
if /i "%COMMAND%"=="evaluate" set "GIVEN=1"
if /i "%COMMAND%"=="whence" set "GIVEN=1"
if /i "%COMMAND%"=="downstream" set "GIVEN=1"
echo %REST%| findstr /c:"--data" /c:"--start" >nul && set "GIVEN=1"
if not defined GIVEN exit /b 0
call :need_maven
if errorlevel 1 exit /b 0
set "VERSION="
for /f "tokens=2 delims=<>" %%v in ('findstr /c:"<ffmpeg.version>" "%HERE%pom.xml"') do (
  set "VERSION=%%v"
)
>&2 echo [run] fetching ffmpeg %VERSION% ^(windows-x86_64, 26 MB, LGPL 3, org.bytedeco^) with Maven
call mvn -B -q -N -f "%HERE%pom.xml" dependency:copy -DoutputDirectory="%FFMPEG%.part" ^
  -Dartifact=org.bytedeco:ffmpeg:%VERSION%:jar:windows-x86_64 1>&2
if errorlevel 1 (
  >&2 echo [run] go on without it; to get it: winget install ffmpeg
  exit /b 0
)
move /y "%FFMPEG%.part" "%FFMPEG%" >nul
exit /b 0

:need_maven
where mvn >nul 2>nul && exit /b 0
>&2 echo [run] Maven (mvn) is needed to build, and is not on the PATH.
>&2 echo [run] To get it: winget install Apache.Maven, or https://maven.apache.org/download.cgi
exit /b 1

:find_jdk
if defined JAVA_HOME call :try "%JAVA_HOME%" && exit /b 0
for /f "delims=" %%j in ('where javac 2^>nul') do (
  for %%h in ("%%~dpj..") do call :try "%%~fh" && exit /b 0
)
for %%p in ("Eclipse Adoptium" "Java" "Microsoft" "Zulu" "Amazon Corretto" "BellSoft") do (
  for /d %%h in ("%ProgramFiles%\%%~p\*") do call :try "%%~fh" && exit /b 0
)
>&2 echo [run] a JDK %WANTED% or newer (with javac) is needed, and none was found in JAVA_HOME,
>&2 echo [run] on the PATH or under "%ProgramFiles%".
>&2 echo [run] To get one: winget install EclipseAdoptium.Temurin.%WANTED%.JDK, or
>&2 echo [run] https://adoptium.net/temurin/releases/?version=%WANTED% and set JAVA_HOME
exit /b 1

rem Takes the JDK at %1 where it is new enough; the file "release" says JAVA_VERSION="25.0.1".
:try
if not exist "%~1\bin\javac.exe" exit /b 1
if not exist "%~1\release" exit /b 1
set "FOUND="
for /f "tokens=2 delims==" %%v in ('findstr /b "JAVA_VERSION=" "%~1\release"') do (
  for /f "tokens=1 delims=." %%m in ("%%~v") do set "FOUND=%%m"
)
if not defined FOUND exit /b 1
if %FOUND% LSS %WANTED% exit /b 1
set "JAVA_HOME=%~1"
exit /b 0

:usage
echo usage: run COMMAND [options]        run COMMAND --help lists a program's options
echo.
echo   demo         train a small model and write clips and a report to out\demo
echo   train        train the VAE, the denoiser or both
echo   sample       draw clips from a checkpoint
echo   evaluate     how far generated clips are from real ones, by a published protocol
echo   check-weights  whether weights for evaluate are the published ones
echo   reconstruct  send a video through the VAE and compare
echo   downstream   what generated clips are worth to a classifier that learns from few labels
echo   phantom      write clips of the embedded data set
echo   prepare      cut long videos into training clips
echo   export       write weights as plain safetensors under the released names
echo   convert      write a PyTorch checkpoint as safetensors
echo   pretrain-dino  train the feature network of the alignment on the clips
echo   precompute   run the frozen networks once over what training will ask
echo   flow         estimate the optical flow between two pictures
echo   ablate       train with and without the alignment, and compare
echo   conform      hold every module against files of reference numbers
echo   accuracy     measure the elementary functions against double precision
echo   trace        where the faults of a trained model's clips come from, in numbers
echo   audit        do again what a manifest says was done, and compare every bit
echo   diff         two training runs: settings, data, losses, weights, where they part
echo   whence       of which model, seed and number a clip is; draw it again and compare
echo   explore      one page that shows a model at work, computed here
echo   inspect      what a model is made of: shapes, parameters, operations, memory
echo   bench        how near to the machine's ceilings the hot paths run
echo   devices      the OpenCL devices, and whether they give the bits of the processor
echo   tune         measure how an OpenCL device likes its products cut, and keep the best
echo   soak         kill training processes again and again and compare what becomes of their runs
echo   test         mvn verify
echo                  --seeds N  the properties alone, N times, each time with new random values
echo                  --seed S   the properties alone with the values of seed S
echo   help         this text
echo.
echo Environment: JAVA_HOME, a JDK %WANTED% or newer; JAVA_OPTS, options of the Java machine
exit /b 0
