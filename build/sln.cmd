@echo off
rem sln: the workstation's command line, run by the program of this package as plain Node.
setlocal
set ELECTRON_RUN_AS_NODE=1
set SLN_RESOURCES=%~dp0resources
"%~dp0SLN Workstation.exe" "%~dp0resources\app.asar.unpacked\dist\main\sln.mjs" %*
